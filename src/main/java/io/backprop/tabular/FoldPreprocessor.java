package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Matrix;
import io.backprop.engine.RunningVariance;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scales the inputs of rows whose numbers are as they were sent and whose gaps are NaN, as in {@link
 * TableExamples#encodeUnscaledAndRelease}: with everything that depends on rows fitted to the training rows of a fold
 * alone, or with the scales of a model.
 */
public final class FoldPreprocessor {
    /*
     * Categories that the training rows do not have, and numbers to be scaled that are all the same there, become 0, as in
     * a model that was not trained with them.
     */

    private final @Nullable ColumnScaling[] scales; // by input; null: always 0
    private final float[] missing; // by input

    private FoldPreprocessor(int inputs) {
        this.scales = new ColumnScaling[inputs];
        this.missing = new float[inputs];
    }

    /**
     * Fits scales to the training rows of a fold.
     *
     * @param preprocessing of the model; its scales are not used
     * @param training rows × inputs, unscaled
     */
    public static FoldPreprocessor fitted(Preprocessing preprocessing, Matrix training) {
        if (!(preprocessing instanceof Preprocessing.Columns columns)) {
            return preprocessing instanceof Preprocessing.Standardized
                    ? of(Scaling.standard(training))
                    : unscaled(training.columns());
        }
        FoldPreprocessor fitted = new FoldPreprocessor(columns.width());
        fitted.requireWidth(training);
        fitted.eachInput(columns, (feature, input) -> {
            if (feature instanceof Feature.Numeric numeric) {
                fitted.fit(numeric, Scaling.variance(training, input), input);
            } else {
                fitted.scales[input] = categoryScale(training, input);
            }
        });
        return fitted;
    }

    /**
     * Uses the scales of a model.
     *
     * @param inputs number of inputs
     */
    public static FoldPreprocessor of(Preprocessing preprocessing, int inputs) {
        if (!(preprocessing instanceof Preprocessing.Columns columns)) {
            return preprocessing instanceof Preprocessing.Standardized standardized
                    ? of(standardized.inputs())
                    : unscaled(inputs);
        }
        FoldPreprocessor known = new FoldPreprocessor(inputs);
        known.eachInput(columns, (feature, input) -> {
            known.scales[input] =
                    feature instanceof Feature.Numeric numeric ? numeric.inputScale() : ColumnScaling.NONE;
            known.missing[input] = feature instanceof Feature.Numeric numeric ? numeric.missing() : 0;
        });
        return known;
    }

    private static FoldPreprocessor of(Scaling scaling) {
        FoldPreprocessor known = new FoldPreprocessor(scaling.columns().size());
        Arrays.setAll(known.scales, scaling.columns()::get);
        return known;
    }

    private static FoldPreprocessor unscaled(int inputs) {
        return of(new Scaling(Collections.nCopies(inputs, ColumnScaling.NONE)));
    }

    private interface InputTask {
        void accept(Feature feature, int input);
    }

    private void eachInput(Preprocessing.Columns columns, InputTask task) {
        int input = 0;
        for (Feature feature : columns.features()) {
            for (int end = input + feature.width(); input < end; input++) {
                task.accept(feature, input);
            }
        }
    }

    /** The scale of an input; null for one that is always 0. */
    public @Nullable ColumnScaling scale(int input) {
        return scales[input];
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

    /** The inputs of the network for rows that are unscaled. */
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
