package io.backprop.store.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden file freezes the format. */
class ParametersFormatTests {

    private static final float[] PARAMETERS = {
        0, -0f, 1, -1, 0.1f, 1 / 3f, Float.MIN_VALUE, -Float.MIN_NORMAL, Float.MAX_VALUE, 1e-30f, 16_777_216f
    };

    @Test
    void readsGoldenFile() throws Exception {
        byte[] golden = Files.readAllBytes(Path.of("src/test/resources/golden/parameters.bin"));

        assertThat(bits(read(PARAMETERS.length, golden))).isEqualTo(bits(Vector.of(PARAMETERS)));
    }

    @Test
    void restoresBits() {
        assertThat(bits(read(PARAMETERS.length, write(PARAMETERS)))).isEqualTo(bits(Vector.of(PARAMETERS)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 1_000, 262_144, 700_000})
    void restoresAnyNumberOfParameters(int count) {
        float[] parameters = new float[count];
        for (int i = 0; i < count; i++) {
            parameters[i] = i / 7f;
        }

        assertThat(read(count, write(parameters))).isEqualTo(Vector.wrap(parameters));
    }

    @Test
    void restoresSeveralNetworksInTheirOrder() {
        NetworkSpec spec = spec(3);
        List<byte[]> chunks = new ArrayList<>();
        ParametersFormat.write(
                List.of(Network.of(spec, new float[] {1, 2, 3}), Network.of(spec, new float[] {4, 5, 6})), chunks::add);

        assertThat(ParametersFormat.read(source(chunks.toArray(byte[][]::new)), spec, 2))
                .extracting(Network::parameterVector)
                .containsExactly(Vector.of(1, 2, 3), Vector.of(4, 5, 6));
    }

    @Test
    void detectsAnyAlteredByte() {
        byte[] bytes = write(PARAMETERS)[0];
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            assertThatThrownBy(() -> read(PARAMETERS.length, damaged))
                    .as("byte %d", i)
                    .isInstanceOf(CorruptDataException.class);
        }
    }

    @Test
    void detectsAnyWrongLength() {
        byte[] bytes = write(PARAMETERS)[0];
        for (int length = 0; length < bytes.length + 9; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            if (length != bytes.length) {
                assertThatThrownBy(() -> read(PARAMETERS.length, cut))
                        .as("%d bytes", length)
                        .isInstanceOf(CorruptDataException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void detectsAnotherNumberOfParameters(int difference) {
        byte[][] chunks = write(PARAMETERS);

        assertThatThrownBy(() -> read(PARAMETERS.length + difference, chunks)).isInstanceOf(CorruptDataException.class);
    }

    @Test
    void rejectsNewerVersion() {
        byte[] bytes = write(PARAMETERS)[0];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).putInt(8, 2);
        int end = bytes.length - Integer.BYTES;
        buffer.putInt(end, (int) Checksum.of(buffer.slice(0, end)));

        assertThatThrownBy(() -> read(PARAMETERS.length, bytes)).isInstanceOf(NewerFormatException.class);
    }

    private static byte[][] write(float... parameters) {
        List<byte[]> chunks = new ArrayList<>();
        ParametersFormat.write(List.of(Network.of(spec(parameters.length), parameters)), chunks::add);
        return chunks.toArray(byte[][]::new);
    }

    private static NetworkSpec spec(int parameters) {
        return NetworkSpec.of(parameters - 1, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
    }

    private static ChunkSource source(byte[]... chunks) {
        return index -> index < chunks.length ? Optional.of(chunks[index]) : Optional.empty();
    }

    private static Vector read(int count, byte[]... chunks) {
        return ParametersFormat.read(source(chunks), spec(count), 1).get(0).parameterVector();
    }

    private static int[] bits(Vector values) {
        int[] bits = new int[values.size()];
        IntUnaryOperator bitsOf = index -> Float.floatToRawIntBits(values.get(index));
        Arrays.setAll(bits, bitsOf);
        return bits;
    }
}
