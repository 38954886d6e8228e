package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarningsTests {

    private final Warnings warnings = new Warnings();

    @Test
    void keepsDistinctMessages() {
        warnings.add("b");
        warnings.add("a");
        warnings.add("b");
        assertThat(warnings.toList()).containsExactly("b", "a");
    }

    @Test
    void countsUnknownCategoriesByColumn() {
        warnings.addUnknown("x", 2, "u");
        warnings.addUnknown("y", 1, "v");
        warnings.addUnknown("x", 3, "w");
        assertThat(warnings.toList())
                .containsExactly(
                        "column \"x\": 5 cells with categories not seen in training, such as \"u\"",
                        "column \"y\": 1 cell with categories not seen in training, such as \"v\"");
    }

    @Test
    void limitsTheNumberOfMessages() {
        for (int i = 0; i < 1_000; i++) {
            warnings.add("warning " + i);
            warnings.addUnknown("x" + i, 1, "u");
        }
        assertThat(warnings.toList()).hasSize(101).last().isEqualTo("1900 more warnings");
    }
}
