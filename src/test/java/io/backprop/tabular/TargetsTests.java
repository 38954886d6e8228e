package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetsTests {

    @Test
    void hasARowPerExample() {
        assertThat(new Targets.Numbers(Matrix.wrap(3, 2, new float[6])).rows()).isEqualTo(3);
        assertThat(new Targets.Labels(List.of("a", "b")).rows()).isEqualTo(2);
    }

    @Test
    void copiesTheListOfNames() {
        List<String> names = new ArrayList<>(List.of("a", "b"));
        Targets.Labels labels = new Targets.Labels(names);
        names.set(0, "c");
        assertThat(labels.names()).containsExactly("a", "b");
    }
}
