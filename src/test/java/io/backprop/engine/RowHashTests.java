package io.backprop.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowHashTests {

    /** Computed with Guava 33.5, {@code Hashing.murmur3_128(7)}. */
    @ParameterizedTest
    @CsvSource({
        "'', f402c55ac5dec98f, 2de586f681711c02",
        "'t', 3c1b61535594263, b8a8ae3f1e5818fc",
        "'the', 20ab6756fb2b202f, dff823057147b8ed",
        "'the ', 56cb557a713c72b4, 4b8a2a50a671f28e",
        "'the qui', ba88af11751cf590, 17cd069a2fab7058",
        "'the quic', 5cbd5ed5fbbaaeb0, 555a01efee4a761b",
        "'the quick b', 45cb4b1c93af3358, 79f3a42364f4baf8",
        "'the quick br', 9b90be3e2694f1b3, e6632a7843f2607a",
        "'the quick bro', 5c452e3ecc0992b0, a725ed36d3d22422",
        "'the quick brown', a6e50c48111abb74, bc0be6ff2d27937e",
        "'the quick brown ', 26855d03e7ca77c8, b13f4a6d6f1048f5",
        "'the quick brown f', ca595558059ccedf, f50c1eacffd3704a",
        "'the quick brown fox jumps over ', 38f1682f897e4792, 5885f27593c776f4",
        "'the quick brown fox jumps over t', edfffb0e77fe717b, 265b4a1ae713212f",
        "'the quick brown fox jumps over the lazy döner', bed9cbc40bdf3879, cbe84a98c0927595"
    })
    void hashesBytesLikeMurmur3(String text, String high, String low) {
        byte[] bytes = ("?" + text + "?").getBytes(UTF_8);
        assertThat(RowHash.ofBytes(7, bytes, 1, bytes.length - 2))
                .isEqualTo(new RowHash(Long.parseUnsignedLong(high, 16), Long.parseUnsignedLong(low, 16)));
    }

    @Test
    void refusesARangeOutsideOfTheBytes() {
        assertThatThrownBy(() -> RowHash.ofBytes(0, new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void hashesAnExampleLikeTheBytesOfItsValues() {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(1.5f).putFloat(-2).putFloat(1).putFloat(0.25f);
        long branch = SplitMix64.derive(3, 0x73686172647321L);
        assertThat(RowHash.ofExample(3, new float[] {1.5f, -2}, new float[] {1}, 0.25f))
                .isEqualTo(RowHash.ofBytes(branch, bytes.array(), 0, 16));
    }

    @Test
    void rowOfExamplesHasTheHashOfItsValues() {
        Examples examples = Examples.of(Matrix.of(row(1, 2, 3), row(4, 5, 6)), Matrix.of(row(7), row(8)));
        assertThat(RowHash.ofExample(9, examples, 1)).isEqualTo(RowHash.ofExample(9, row(4, 5, 6), row(8), 1));
        assertThat(RowHash.ofExample(9, examples.withWeights(Vector.of(1, 2)), 1))
                .isEqualTo(RowHash.ofExample(9, row(4, 5, 6), row(8), 2));
    }

    @Test
    void negativeZeroHasTheHashOfZero() {
        assertThat(RowHash.ofExample(1, row(-0f, 1), row(-0f), -0f))
                .isEqualTo(RowHash.ofExample(1, row(0, 1), row(0), 0));
    }

    @Test
    void ordersHashesAsUnsignedNumbers() {
        List<RowHash> rising = List.of(
                new RowHash(0, 0), new RowHash(0, -1), new RowHash(1, 0), new RowHash(1, 1), new RowHash(-1, -1));
        assertThat(rising).isSorted();
        assertThat(rising).extracting(hash -> hash.shard(4)).containsExactly(0, 0, 0, 0, 3);
        assertThat(rising).extracting(RowHash::fraction).containsExactly(0d, 0d, 0d, 0d, 1 - 0x1p-53);
        assertThat(new RowHash(Long.MIN_VALUE, 0).fraction()).isEqualTo(0.5);
    }

    @Test
    void shardsAreAboutEqual() {
        Long[] sizes = new Long[64];
        Arrays.fill(sizes, 0L);
        IntStream.range(0, 64_000)
                .map(i -> RowHash.ofExample(5, row(i), row(1), 1).shard(64))
                .forEach(shard -> sizes[shard]++);
        assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(850L, 1150L)); // ± 4.7 deviations
        assertThat(RowHash.ofExample(5, row(1), row(1), 1).shard(1)).isZero();
    }

    private static float[] row(float... values) {
        return values;
    }
}
