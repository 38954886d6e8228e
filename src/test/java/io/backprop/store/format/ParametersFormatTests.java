package io.backprop.store.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
        float[] read = ParametersFormat.read(Files.readAllBytes(Path.of("src/test/resources/golden/parameters.bin")));

        assertThat(bits(read)).isEqualTo(bits(PARAMETERS));
    }

    @Test
    void writesGoldenFile() throws Exception {
        assertThat(ParametersFormat.write(PARAMETERS))
                .isEqualTo(Files.readAllBytes(Path.of("src/test/resources/golden/parameters.bin")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 1_000})
    void restoresAnyNumberOfParameters(int count) {
        float[] parameters = new float[count];
        for (int i = 0; i < count; i++) {
            parameters[i] = i / 7f;
        }

        assertThat(ParametersFormat.read(ParametersFormat.write(parameters))).isEqualTo(parameters);
    }

    @Test
    void detectsAnyAlteredByte() {
        byte[] bytes = ParametersFormat.write(PARAMETERS);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            assertThatThrownBy(() -> ParametersFormat.read(damaged))
                    .as("byte %d", i)
                    .isInstanceOf(CorruptDataException.class);
        }
    }

    @Test
    void detectsAnyWrongLength() {
        byte[] bytes = ParametersFormat.write(PARAMETERS);
        for (int length = 0; length < bytes.length + 9; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            if (length != bytes.length) {
                assertThatThrownBy(() -> ParametersFormat.read(cut))
                        .as("%d bytes", length)
                        .isInstanceOf(CorruptDataException.class);
            }
        }
    }

    @Test
    void rejectsNewerVersion() {
        byte[] bytes = ParametersFormat.write(PARAMETERS);
        ByteBuffer.wrap(bytes).putInt(8, 2);

        assertThatThrownBy(() -> ParametersFormat.read(bytes))
                .hasMessage("BPPARAMS must have format version 1, but has version 2");
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        IntUnaryOperator bitsOf = index -> Float.floatToRawIntBits(values[index]);
        Arrays.setAll(bits, bitsOf);
        return bits;
    }
}
