package io.backprop.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.tabular.CellFormat;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TargetUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The memory of a model beside its parameters. */
class TextBytesTests {

    private static final List<String> WORDS =
            IntStream.range(0, 1_000).mapToObj(i -> "x".repeat(200) + i).toList();

    @Test
    void countsNamesOfClassesAndCategories() {
        Preprocessing words = new Preprocessing.Columns(
                List.of(new Feature.Categorical("w", WORDS, true)),
                "y",
                TargetUnit.NUMBER,
                Scaling.NONE,
                CellFormat.DEFAULT);

        assertThat(architecture(null, Preprocessing.NONE).textBytes()).isZero();
        assertThat(architecture(new ClassEncoding(WORDS), Preprocessing.NONE).textBytes())
                .isBetween(400_000L, 500_000L);
        assertThat(architecture(new ClassEncoding(WORDS), words).textBytes()).isBetween(800_000L, 1_000_000L);
    }

    private static Architecture architecture(@Nullable ClassEncoding classes, Preprocessing preprocessing) {
        return new Architecture(
                null, List.of(), null, new OutputSpec(null, null, null, 0, false), classes, preprocessing);
    }
}
