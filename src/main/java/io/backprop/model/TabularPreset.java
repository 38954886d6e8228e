package io.backprop.model;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Activation;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.LearningRateFactors;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Loss;
import io.backprop.engine.Metric;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Optimizer;
import io.backprop.engine.TrainingPlan;
import io.backprop.tabular.ValidationShare;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The best start for a table: RealMLP-TD-S of Holzmüller et al., "Better by default: strong pre-tuned MLPs and boosted trees
 * on tabular data", 2024, averaged over folds where rows are few. Its other settings follow from what a training finds: the
 * task, the widths of the layers and the number of rows.
 *
 * @param folds number of networks for up to {@value #MAX_ROWS_BY_FOLD} rows, each validated on its own fold, from 1 to
 *     {@value EnsembleSpec#MAX_SIZE}; 1 for a single network however many rows there are; default {@value #DEFAULT_FOLDS}
 * @param open the settings that the client leaves to the preset
 */
public record TabularPreset(int folds, Set<Setting> open) {

    /** A setting that follows from the data, unless the client sets it. */
    public enum Setting {
        /** {@code SELU} for a classification, {@code MISH} for a regression. */
        ACTIVATION,
        /** 0.04 for a classification, 0.07 for a regression. */
        LEARNING_RATE,
        /**
         * The neural tangent parametrization {@code x·W / √nᵢₙ + b}: factors of {@code 1 / √nᵢₙ} for weights and 0.1 for
         * biases, doubled before a single sigmoid, which stands for two logits of a softmax.
         */
        LEARNING_RATE_FACTORS,
        /** 0.1 for a classification. */
        LABEL_SMOOTHING,
        /** The accuracy or the mean squared error; the validation loss if the targets are measured otherwise. */
        KEEP_BEST,
        /** Probabilities are calibrated where there are rows for validation. */
        CALIBRATE,
        /** A network for each fold, or a single one. */
        ENSEMBLE
    }

    public static final int DEFAULT_FOLDS = 5;

    /** The largest number of rows that are divided into folds. */
    public static final int MAX_ROWS_BY_FOLD = 10_000;

    private static final int HIDDEN_LAYERS = 3;
    private static final int UNITS = 256;
    private static final int EPOCHS = 256;
    private static final int BATCH_SIZE = 256;
    private static final float FRONT_SCALE = 6;
    private static final Optimizer.Adam OPTIMIZER = new Optimizer.Adam(0.9f, 0.95f, 1e-8f);
    private static final float CLASSIFICATION_LEARNING_RATE = 0.04f;
    private static final float REGRESSION_LEARNING_RATE = 0.07f;
    private static final float LABEL_SMOOTHING = 0.1f;
    private static final float BIASES_FACTOR = 0.1f;
    private static final float VALIDATION_SPLIT = 0.2f;
    private static final int MAX_VALIDATION_ROWS = 10_000;

    public TabularPreset {
        requireArgument(
                folds >= 1 && folds <= EnsembleSpec.MAX_SIZE,
                "folds must be at least 1 and at most %d, but was %d",
                EnsembleSpec.MAX_SIZE,
                folds);
        EnumSet<Setting> settings = EnumSet.noneOf(Setting.class);
        settings.addAll(open);
        open = Collections.unmodifiableSet(settings);
    }

    /** This preset with a setting left to it, or not. */
    public TabularPreset with(Setting setting, boolean left) {
        EnumSet<Setting> settings = EnumSet.noneOf(Setting.class);
        settings.addAll(open);
        if (left) {
            settings.add(setting);
        } else {
            settings.remove(setting);
        }
        return new TabularPreset(folds, settings);
    }

    /** The default hidden layers. */
    public static List<LayerSpec> hidden(Activation activation) {
        return Collections.nCopies(HIDDEN_LAYERS, new LayerSpec(UNITS, activation));
    }

    /** The default settings of a training, before the task is known. */
    static TrainingPlan plan() {
        return TrainingPlan.adam(CLASSIFICATION_LEARNING_RATE)
                .withEpochs(EPOCHS)
                .withBatches(BATCH_SIZE, true)
                .withDropRemainder(true)
                .withOptimizer(OPTIMIZER)
                .withSchedule(new LearningRateSchedule.CosLog(LearningRateSchedule.CosLog.DEFAULT_CYCLES))
                .withFrontScale(FRONT_SCALE);
    }

    /** The networks for a table of unknown size. */
    public EnsembleSpec ensemble() {
        return folds == 1 ? EnsembleSpec.SINGLE : new EnsembleSpec(folds, EnsembleSpec.By.FOLD);
    }

    /**
     * The networks for a table.
     *
     * @param rows number of rows
     * @param groups number of groups of rows that stay together; that of the rows without groups
     */
    EnsembleSpec ensemble(int rows, int groups) {
        return rows > MAX_ROWS_BY_FOLD || groups < folds ? EnsembleSpec.SINGLE : ensemble();
    }

    /** The share of the rows that validates a single network; at most {@value #MAX_VALIDATION_ROWS} rows. */
    public static float validationSplit(int rows) {
        return Math.min(VALIDATION_SPLIT, (float) MAX_VALIDATION_ROWS / rows);
    }

    /** The rows that validate a single network, of a table of unknown length. */
    public static ValidationShare validation() {
        return new ValidationShare(VALIDATION_SPLIT, MAX_VALIDATION_ROWS);
    }

    /** The settings of the layers that are left to this preset, as far as the task is known. */
    Architecture complete(Architecture architecture) {
        Architecture completed = architecture;
        Task task = architecture.outputLayer().expectedTask();
        if (open.contains(Setting.ACTIVATION) && task != null) {
            Activation activation = task == Task.CLASSIFICATION ? Activation.SELU : Activation.MISH;
            completed = completed.withHidden(completed.hidden().stream()
                    .map(layer -> new LayerSpec(layer.units(), activation, layer.dropout()))
                    .toList());
        }
        if (open.contains(Setting.LABEL_SMOOTHING) && task != null) {
            completed = completed.withLabelSmoothing(architecture.maySmoothLabels() ? LABEL_SMOOTHING : 0);
        }
        return completed;
    }

    /** The settings of a training that are left to this preset, as far as the task and the widths are known. */
    TrainingPlan complete(TrainingPlan plan, Architecture architecture) {
        TrainingPlan completed = plan;
        if (open.contains(Setting.LEARNING_RATE)) {
            completed = completed.withLearningRate(
                    architecture.outputLayer().expectedTask() == Task.REGRESSION
                            ? REGRESSION_LEARNING_RATE
                            : CLASSIFICATION_LEARNING_RATE);
        }
        if (open.contains(Setting.LEARNING_RATE_FACTORS)) {
            completed = completed.withLearningRateFactors(
                    architecture.networkSpec().map(TabularPreset::factors).orElse(LearningRateFactors.NONE));
        }
        if (open.contains(Setting.KEEP_BEST)) {
            completed = completed.withKeepBest(keepBest(architecture));
        }
        return completed;
    }

    private static LearningRateFactors factors(NetworkSpec spec) {
        int last = spec.layers().size() - 1;
        boolean sigmoid = spec.outputs() == 1 && spec.layers().get(last).activation() == Activation.SIGMOID;
        return new LearningRateFactors(IntStream.rangeClosed(0, last)
                .mapToObj(layer -> {
                    float doubled = sigmoid && layer == last ? 2 : 1;
                    float weights = (float) (doubled / Math.sqrt(spec.inputsOf(layer)));
                    return new LearningRateFactors.Layer(weights, doubled * BIASES_FACTOR);
                })
                .toList());
    }

    /** The epoch to keep; null while the loss is unknown. */
    private static @Nullable KeepBest keepBest(Architecture architecture) {
        return architecture
                .loss()
                .map(loss -> {
                    if (architecture.hasExclusiveClasses()) {
                        return Metric.ACCURACY;
                    }
                    return loss instanceof Loss.MeanSquaredError ? Metric.MEAN_SQUARED_ERROR : Metric.VALIDATION_LOSS;
                })
                .map(KeepBest::of)
                .orElse(null);
    }
}
