package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
        countUnknown("x", 2, "u");
        countUnknown("y", 1, "v");
        countUnknown("x", 3, "w");
        countUnknown("z", 0, "u");
        assertThat(warnings.toList())
                .containsExactly(
                        "column \"x\": 5 cells with categories not seen in training, such as \"u\"",
                        "column \"y\": 1 cell with categories not seen in training, such as \"v\"");
    }

    @Test
    void limitsTheNumberOfMessages() {
        for (int i = 0; i < 1_000; i++) {
            warnings.add("warning " + i);
            countUnknown("x" + i, 1, "u");
        }
        assertThat(warnings.toList()).hasSize(101).last().isEqualTo("1900 more warnings");
    }

    private void countUnknown(String column, int cells, String category) {
        Feature feature = new Feature.Categorical(column, List.of(), false);
        TypedColumn typed = TypedColumn.of(feature, new CellParser(CellRules.DEFAULT), new RowPosition(""), warnings);
        for (int i = 0; i < cells; i++) {
            int code = (int) typed.convert(RowSink.CellKind.UNTYPED, category.toCharArray(), 0, category.length());
            warnings.unknownCategories(column).count(typed, code);
        }
    }
}
