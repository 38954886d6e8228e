package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Matrix;
import io.backprop.engine.MeanAndDeviation;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Does for parts of {@link TableExamples#encodeUnscaledAndRelease} what is done for a table whose other rows are unknown: what depends
 * on rows is found from those trained on alone.
 */
public final class FoldPreprocessor {
    /*
     * Words that the rows trained on do not have, and numbers that are all the same there, become 0: as if the model had
     * never met them.
     */

    private final @Nullable Scale[] scales; // by input; null where there is nothing to learn

    /**
     * @param columns of the table; their scales do not matter
     * @param training rows × inputs, unscaled
     */
    public FoldPreprocessor(Preprocessing.Columns columns, Matrix training) {
        List<Feature> byInput = columns.features().stream()
                .flatMap(feature -> IntStream.range(0, feature.width()).mapToObj(input -> feature))
                .toList();
        this.scales = new Scale[byInput.size()];
        requireWidth(training);
        for (int input = 0; input < scales.length; input++) {
            scales[input] =
                    byInput.get(input) instanceof Feature.Numeric ? numbers(training, input) : words(training, input);
        }
    }

    private void requireWidth(Matrix rows) {
        requireArgument(
                rows.columns() == scales.length,
                "rows have %d numbers, but the columns become %d inputs",
                rows.columns(),
                scales.length);
    }

    private static @Nullable Scale numbers(Matrix training, int input) {
        int[] present = IntStream.range(0, training.rows())
                .filter(row -> !Float.isNaN(training.get(row, input)))
                .toArray();
        MeanAndDeviation statistics = MeanAndDeviation.of(present.length, i -> training.get(present[i], input));
        return statistics.deviation() > 0 ? new Scale(statistics.mean(), statistics.deviation()) : null;
    }

    private static @Nullable Scale words(Matrix training, int input) {
        boolean learned = IntStream.range(0, training.rows()).anyMatch(row -> training.get(row, input) != 0);
        return learned ? new Scale(0, 1) : null;
    }

    /** Rows as the network sees them. */
    public Matrix apply(Matrix unscaled) {
        requireWidth(unscaled);
        float[] values = new float[Matrix.elementCount(unscaled.rows(), scales.length)];
        for (int row = 0, i = 0; row < unscaled.rows(); row++) {
            for (int input = 0; input < scales.length; input++, i++) {
                Scale scale = scales[input];
                float value = unscaled.get(row, input);
                values[i] = scale == null || Float.isNaN(value) ? 0 : scale.apply(value);
            }
        }
        return Matrix.wrap(unscaled.rows(), scales.length, values);
    }
}
