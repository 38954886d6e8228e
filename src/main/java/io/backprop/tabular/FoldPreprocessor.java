package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Matrix;
import io.backprop.engine.RunningVariance;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Preprocesses the rows of one fold of a cross-validation, with everything that depends on rows fitted to its training
 * rows alone. The input is a part of {@link TableExamples#encodeUnscaledAndRelease}.
 */
public final class FoldPreprocessor {
    /*
     * Categories that the training rows do not have, and numbers that are all the same there, become 0, as in a model
     * that was not trained with them.
     */

    private final @Nullable ColumnScaling[] scales; // by input; null: always 0

    /**
     * @param columns of the table; their scales are not used
     * @param training rows × inputs, unscaled
     */
    public FoldPreprocessor(Preprocessing.Columns columns, Matrix training) {
        this.scales = new ColumnScaling[columns.width()];
        requireWidth(training);
        int input = 0;
        for (Feature feature : columns.features()) {
            for (int end = input + feature.width(); input < end; input++) {
                scales[input] = feature instanceof Feature.Numeric
                        ? numericScale(training, input)
                        : categoryScale(training, input);
            }
        }
    }

    private void requireWidth(Matrix rows) {
        requireArgument(
                rows.columns() == scales.length,
                "rows have %d numbers, but the columns become %d inputs",
                rows.columns(),
                scales.length);
    }

    private static @Nullable ColumnScaling numericScale(Matrix training, int input) {
        RunningVariance variance = Scaling.variance(training, input);
        return variance.sumOfSquares() > 0 ? ColumnScaling.standard(variance) : null;
    }

    private static @Nullable ColumnScaling categoryScale(Matrix training, int input) {
        boolean present = IntStream.range(0, training.rows()).anyMatch(row -> training.get(row, input) != 0);
        return present ? new ColumnScaling(0, 1) : null;
    }

    /** The inputs of the network for the given rows. */
    public Matrix apply(Matrix unscaled) {
        requireWidth(unscaled);
        float[] values = new float[Matrix.elementCount(unscaled.rows(), scales.length)];
        for (int row = 0, i = 0; row < unscaled.rows(); row++) {
            for (int input = 0; input < scales.length; input++, i++) {
                ColumnScaling scale = scales[input];
                float value = unscaled.get(row, input);
                values[i] = scale == null || Float.isNaN(value) ? 0 : scale.apply(value);
            }
        }
        return Matrix.wrap(unscaled.rows(), scales.length, values);
    }
}
