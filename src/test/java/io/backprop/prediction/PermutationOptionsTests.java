package io.backprop.prediction;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.InvalidArgumentException;
import org.junit.jupiter.api.Test;

class PermutationOptionsTests {

    @Test
    void rejectsZeroRepeats() {
        assertThatThrownBy(() -> new PermutationOptions(0, null))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("repeats must be at least 1, but was 0");
    }
}
