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
     * Categories that the training rows do not have, and numbers to be scaled that are all the same there, become 0, as in
     * a model that was not trained with them.
     */

    private final @Nullable ColumnScaling[] scales; // by input; null: always 0
    private final float[] missing; // by input

    /**
     * @param columns of the table; their scales are not used
     * @param training rows × inputs, unscaled
     */
    public FoldPreprocessor(Preprocessing.Columns columns, Matrix training) {
        this.scales = new ColumnScaling[columns.width()];
        this.missing = new float[columns.width()];
        requireWidth(training);
        int input = 0;
        for (Feature feature : columns.features()) {
            for (int end = input + feature.width(); input < end; input++) {
                if (feature instanceof Feature.Numeric numeric) {
                    fit(numeric, Scaling.variance(training, input), input);
                } else {
                    scales[input] = categoryScale(training, input);
                }
            }
        }
    }

    private void fit(Feature.Numeric column, RunningVariance variance, int input) {
        boolean constant = !(variance.sumOfSquares() > 0);
        if (!constant || (!column.standardized() && variance.count() > 0)) {
            Feature.Numeric fitted = new Feature.Numeric(
                    column.name(),
                    ColumnScaling.standard(variance),
                    column.range(),
                    column.dates(),
                    column.standardized());
            scales[input] = fitted.inputScale();
            missing[input] = fitted.missing();
        }
    }

    private void requireWidth(Matrix rows) {
        requireArgument(
                rows.columns() == scales.length,
                "rows have %d numbers, but the columns become %d inputs",
                rows.columns(),
                scales.length);
    }

    private static @Nullable ColumnScaling categoryScale(Matrix training, int input) {
        boolean present = IntStream.range(0, training.rows()).anyMatch(row -> training.get(row, input) != 0);
        return present ? ColumnScaling.NONE : null;
    }

    /** The inputs of the network for the given rows. */
    public Matrix apply(Matrix unscaled) {
        requireWidth(unscaled);
        float[] values = new float[Matrix.elementCount(unscaled.rows(), scales.length)];
        for (int row = 0, i = 0; row < unscaled.rows(); row++) {
            for (int input = 0; input < scales.length; input++, i++) {
                ColumnScaling scale = scales[input];
                float value = unscaled.get(row, input);
                values[i] = scale == null || Float.isNaN(value) ? missing[input] : scale.apply(value);
            }
        }
        return Matrix.wrap(unscaled.rows(), scales.length, values);
    }
}
