package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Matrix;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scales the inputs of rows that are unscaled, with gaps of numbers as NaN, as in {@link
 * TableExamples#encodeUnscaledAndRelease}: with everything that depends on rows fitted to the training rows of a fold
 * alone, or with the scales of a model.
 */
public final class FoldPreprocessor {
    /*
     * Categories that the training rows do not have, and numbers to be scaled that are all the same there, become 0, as in
     * a model that was not trained with them. Robust scaling treats categories as numbers, too.
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
     * @param scaling of inputs; null to leave numbers as they are
     * @param training rows × inputs, unscaled
     */
    public static FoldPreprocessor fitted(
            Preprocessing preprocessing, @Nullable ScalingMethod scaling, Matrix training) {
        if (preprocessing instanceof Preprocessing.Columns columns) {
            FoldPreprocessor fitted = new FoldPreprocessor(columns.width());
            fitted.requireWidth(training);
            fitted.fit(columns, scaling, training);
            return fitted;
        }
        if (scaling == null || !(preprocessing instanceof Preprocessing.Standardized)) {
            return unscaled(training.columns());
        }
        FoldPreprocessor fitted = of(Scaling.of(training, scaling));
        return scaling == ScalingMethod.ROBUST ? fitted.withoutConstants(training) : fitted;
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
        int input = 0;
        for (Feature feature : columns.features()) {
            if (feature instanceof Feature.Numeric numeric) {
                known.missing[input] = numeric.missing();
                known.scales[input] = numeric.scale();
                if (numeric.indicator() != null) {
                    known.scales[input + 1] = numeric.indicator();
                }
            } else {
                List<ColumnScaling> categories = ((Feature.Categorical) feature).scales();
                for (int i = 0; i < feature.width(); i++) {
                    known.scales[input + i] = categories.isEmpty() ? ColumnScaling.NONE : categories.get(i);
                }
            }
            input += feature.width();
        }
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

    /**
     * These scales without those of inputs that are constant in the training rows of a fold, which become 0.
     *
     * @param training rows × inputs, unscaled
     */
    public FoldPreprocessor withoutConstants(Matrix training) {
        FoldPreprocessor varying = new FoldPreprocessor(scales.length);
        for (int input = 0; input < scales.length; input++) {
            if (!isConstant(training, input)) {
                varying.scales[input] = scales[input];
                varying.missing[input] = missing[input];
            }
        }
        return varying;
    }

    /** Whether all numbers of an input are the same, apart from gaps. */
    private static boolean isConstant(Matrix training, int input) {
        float first = Float.NaN;
        for (int row = 0; row < training.rows(); row++) {
            float value = training.get(row, input);
            if (!Float.isNaN(value)) {
                if (value != first && !Float.isNaN(first)) {
                    return false;
                }
                first = value;
            }
        }
        return true;
    }

    /** The scale of an input; null for one that is always 0. */
    public @Nullable ColumnScaling scale(int input) {
        return scales[input];
    }

    private void fit(Preprocessing.Columns columns, @Nullable ScalingMethod scaling, Matrix training) {
        int input = 0;
        for (Feature feature : columns.features()) {
            int end = input + feature.width();
            if (feature instanceof Feature.Numeric) {
                fitNumbers(scaling, training, input++);
            }
            for (; input < end; input++) {
                scales[input] =
                        scaling == ScalingMethod.ROBUST ? robustScale(training, input) : categoryScale(training, input);
            }
        }
    }

    private void fitNumbers(@Nullable ScalingMethod scaling, Matrix training, int input) {
        NumberSums sums = NumberSums.of(training, input);
        if (sums.count() == 0) {
            return;
        }
        NumberSummary summary = sums.summary();
        if (summary.variance() == 0 && scaling != null) {
            return;
        }
        ColumnScaling scale = ColumnScaling.NONE;
        if (scaling != null) {
            scale = scaling == ScalingMethod.ROBUST
                    ? ColumnScaling.robust(Scaling.quartiles(training, input))
                    : ColumnScaling.standard(summary);
        }
        scales[input] = scale;
        missing[input] = scale.apply(summary.mean());
    }

    private static @Nullable ColumnScaling robustScale(Matrix training, int input) {
        Quartiles quartiles = Scaling.quartiles(training, input);
        return quartiles.isConstant() ? null : ColumnScaling.robust(quartiles);
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
