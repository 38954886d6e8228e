package io.backprop.web.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedFloatsTests {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 64, 65, 1_000, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1_000_003})
    void givesBackWhatWasAdded(int count) {
        PackedFloats floats = new PackedFloats();
        float[] expected = new float[count];
        for (int i = 0; i < count; i++) {
            expected[i] = i * 0.5f;
            floats.add(expected[i]);
        }

        assertThat(floats.toArray(bytes -> {})).isEqualTo(expected);
    }
}
