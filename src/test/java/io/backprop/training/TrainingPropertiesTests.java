package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingPropertiesTests {

    @Test
    void readmeListsTheDefaults() {
        TestProperties.assertReadmeListsDefaults(TrainingProperties.class);
    }

    @Test
    void leavesOneCoreForRequestsByDefault() {
        int cores = Runtime.getRuntime().availableProcessors();

        assertThat(bind(Map.of()).workers()).isEqualTo(Math.max(1, cores - 1));
        assertThat(bind(Map.of("backprop.training.workers", "3")).workers()).isEqualTo(3);
        assertThat(bind(Map.of()).threads()).isEqualTo(cores);
    }

    @Test
    void rejectsNegativeNumbers() {
        assertThatThrownBy(() -> bind(Map.of("backprop.training.workers", "-1")))
                .rootCause()
                .hasMessage("backprop.training.workers must be at least 0, but was -1");
    }

    private static TrainingProperties bind(Map<String, String> properties) {
        return TestProperties.bind(TrainingProperties.class, properties);
    }
}
