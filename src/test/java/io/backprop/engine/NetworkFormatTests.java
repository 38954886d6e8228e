package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkFormatTests {

    private static final Network NETWORK = Network.of(
            NetworkSpec.of(
                    2,
                    new Loss.Huber(1.5f),
                    new LayerSpec(1, Activation.RELU, 0.25f),
                    new LayerSpec(1, Activation.LINEAR)),
            new float[] {1, -2, 3, Float.NaN, Float.MIN_VALUE});

    /** In {@link #NETWORK}. */
    private static final int INPUTS = 12;

    private static final int LAYERS = 16;
    private static final int UNITS = 20;
    private static final int ACTIVATION = 25;
    private static final int DELTA = 54;

    @Test
    void bytesAreFrozen() {
        assertThat(HexFormat.of().formatHex(NETWORK.toBytes()))
                .isEqualTo("42504e455457524b" + "00000001" + "00000002" + "00000002"
                        + "00000001" + "0472656c75" + "3e800000"
                        + "00000001" + "066c696e656172" + "00000000"
                        + "056875626572" + "3fc00000"
                        + "3f800000" + "c0000000" + "40400000" + "7fc00000" + "00000001"
                        + "f6f94c88");
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SOFTMAX", "EXPONENTIAL"})
    void networksWithAnyActivationRoundTrip(Activation hidden) {
        NetworkSpec spec = NetworkSpec.of(
                7,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(33, hidden, 0.5f),
                new LayerSpec(3, Activation.SOFTMAX));
        assertRoundTrips(Network.initialize(spec, 5));
    }

    static Stream<Loss> losses() {
        return Stream.concat(
                Loss.all().stream(),
                Stream.of(
                        new Loss.Huber(0.3f),
                        new Loss.Quantile(0.9f),
                        new Loss.BinaryCrossentropy(0.1f),
                        new Loss.CategoricalCrossentropy(0.2f)));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void networksWithAnyLossRoundTrip(Loss loss) {
        Activation output =
                Stream.of(Activation.values()).filter(loss::fits).findFirst().orElseThrow();
        assertRoundTrips(Network.initialize(NetworkSpec.of(2, loss, new LayerSpec(2, output)), 5));
    }

    private static void assertRoundTrips(Network network) {
        Network read = Network.from(network.toBytes());
        assertThat(read.spec()).isEqualTo(network.spec());
        assertThat(read.parameters()).isEqualTo(network.parameters());
    }

    @Test
    void rejectsOtherBytes() {
        assertThatThrownBy(() -> Network.from(new byte[100]))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("bytes must be a network, which starts with BPNETWRK, but 100 other bytes were received");
        assertThatThrownBy(() -> Network.from(new byte[0])).hasMessageEndingWith("but 0 other bytes were received");
    }

    @Test
    void rejectsTruncatedBytes() {
        byte[] bytes = NETWORK.toBytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Network.from(truncated)).isInstanceOf(InvalidArgumentException.class);
        }
        assertThatThrownBy(() -> Network.from(Arrays.copyOf(bytes, bytes.length - 1)))
                .hasMessage("bytes must have their checksum: they were truncated or altered");
    }

    @Test
    void rejectsAnyAlteredBit() {
        byte[] bytes = NETWORK.toBytes();
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
            byte[] altered = bytes.clone();
            altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThatThrownBy(() -> Network.from(altered)).isInstanceOf(InvalidArgumentException.class);
        }
    }

    @Test
    void rejectsOtherVersions() {
        assertRejected(
                8,
                2,
                "bytes must have format version 1, the only one that this version of the engine reads, "
                        + "but have version 2");
    }

    @Test
    void rejectsInvalidContentWithItsChecksum() {
        assertRejected(INPUTS, 0, "inputs must be at least 1, but was 0");
        assertRejected(INPUTS, 3, "bytes must hold the 6 parameters of their layers, but 20 bytes are left for them");
        assertRejected(LAYERS, 0, "bytes must hold a known loss, but hold \"\"");
        assertRejected(LAYERS, -1, "bytes must hold -1 layers, but only 58 bytes are left for them");
        assertRejected(LAYERS, 1 << 30, "bytes must hold 1073741824 layers, but only 58 bytes are left for them");
        assertRejected(
                UNITS,
                Integer.MAX_VALUE,
                "layers must have at most 2147483639 parameters in total, but has 8589934589");
        assertRejected(
                UNITS,
                1 << 28,
                "bytes must hold the 1073741825 parameters of their layers, but 20 bytes are left for them");
        assertRejected(ACTIVATION, 0x61626364, "bytes must hold a known activation, but hold \"abcd\"");
        assertRejected(
                DELTA,
                Float.floatToIntBits(-1),
                "bytes must hold a valid loss, but delta must be greater than 0, but was -1.0");
    }

    @Test
    void rejectsContentThatEndsWithinTheSpecification() {
        byte[] bytes = Arrays.copyOf(NETWORK.toBytes(), ACTIVATION);
        assertThatThrownBy(() -> Network.from(withChecksum(bytes)))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageStartingWith("bytes must hold");
    }

    /** The most that random content may cause is an {@link InvalidArgumentException}. */
    @Test
    void survivesRandomContentWithItsChecksum() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = NETWORK.toBytes();
            for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
                bytes[random.nextInt(INPUTS, bytes.length)] = (byte) random.nextInt();
            }
            byte[] content = withChecksum(Arrays.copyOf(bytes, random.nextInt(INPUTS + 4, bytes.length + 1)));
            assertThatCode(() -> {
                        try {
                            Network.from(content);
                        } catch (InvalidArgumentException e) {
                            assertThat(e).hasMessageContaining(" ");
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }

    private static void assertRejected(int offset, int value, String message) {
        byte[] bytes = NETWORK.toBytes();
        ByteBuffer.wrap(bytes).putInt(offset, value);
        assertThatThrownBy(() -> Network.from(withChecksum(bytes)))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage(message);
    }

    /** Replaces the last four bytes by the checksum of the others. */
    private static byte[] withChecksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(bytes.length - Integer.BYTES, (int) checksum.getValue());
        return bytes;
    }
}
