package io.backprop.model.web;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.Activation;
import io.backprop.engine.Initializer;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Loss;
import io.backprop.engine.Optimizer;
import io.backprop.engine.Regularization;
import io.backprop.engine.TrainingPlan;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.tabular.LabelEncoding;
import io.backprop.tabular.Preprocessing;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A network that is described by the number of its layers, or by its hidden layers one by one. */
@Schema(name = "CreateModel")
record CreateModelRequest(
        @Nullable @Pattern(regexp = Model.ID) String id,

        @Nullable @Min(1) Integer layerCount,
        @Nullable List<@NotNull @Min(1) Integer> hiddenUnits,
        @Nullable List<@NotNull @Valid HiddenLayerForm> hidden,
        @Nullable @Min(1) Integer inputs,
        @Nullable @Min(1) Integer outputs,
        @Nullable Task task,
        @Nullable Activation outputActivation,
        @Nullable Loss loss,
        @Nullable Activation activation,
        @Nullable Initializer initializer,
        @Nullable @Valid OptimizerForm optimizer,
        @Nullable @Positive Float learningRate,
        @Nullable @Valid ScheduleForm learningRateSchedule,
        @Nullable @PositiveOrZero Float l1,
        @Nullable @PositiveOrZero Float l2,
        @Nullable @Positive Float clipNorm,
        @Nullable @Min(1) Integer batchSize,
        @Nullable Boolean shuffle,
        @Nullable Long seed,
        @Nullable @Size(min = 2) List<@NotBlank @Size(max = LabelEncoding.MAX_LABEL_LENGTH) String> labels,
        @Nullable Boolean standardize) {

    /** The default if the hidden layers are given; {@link ClassicLayers} has its own. */
    private static final float DEFAULT_LEARNING_RATE = 0.001f;

    /** Largest integer that JavaScript represents exactly. */
    private static final long MAX_RANDOM_SEED = 1L << 53;

    /** Fills in every default; rejects more layers or units than the limits allow. */
    ModelSpec toSpec(RequestLimits limits) {
        if (activation == Activation.SOFTMAX) {
            throw new InvalidInputException("activation", "softmax is for the output layer, not for a hidden one");
        }
        long chosenSeed = seed == null ? ThreadLocalRandom.current().nextLong(MAX_RANDOM_SEED) : seed;
        if (hidden == null) {
            ClassicLayers count = new ClassicLayers(layerCount, hiddenUnits);
            Architecture architecture = new Architecture(
                    inputs,
                    count.hiddenLayers(requireNonNullElse(activation, Activation.SIGMOID), chosenSeed, limits),
                    outputs,
                    new OutputSpec(task, outputActivation, loss).orClassic(),
                    labelEncoding(),
                    preprocessing());
            return new ModelSpec(
                    architecture,
                    requireNonNullElse(initializer, Initializer.UNIFORM),
                    plan(TrainingPlan.classic(ClassicLayers.DEFAULT_LEARNING_RATE), chosenSeed));
        }
        requireNoCount();
        limits.requireLayers("hidden", hidden.size() + 1);
        for (int layer = 0; layer < hidden.size(); layer++) {
            limits.requireUnits(
                    "/hidden/%d/units".formatted(layer), hidden.get(layer).units());
        }
        Activation defaultActivation = requireNonNullElse(activation, Activation.RELU);
        Architecture architecture = new Architecture(
                inputs,
                hidden.stream().map(layer -> layer.toLayer(defaultActivation)).toList(),
                outputs,
                new OutputSpec(task, outputActivation, loss),
                labelEncoding(),
                preprocessing());
        return new ModelSpec(architecture, initializer, plan(TrainingPlan.adam(DEFAULT_LEARNING_RATE), chosenSeed));
    }

    private void requireNoCount() {
        if (layerCount != null || hiddenUnits != null) {
            String other = layerCount != null ? "layerCount" : "hiddenUnits";
            throw new InvalidInputException(
                    other, "%s and hidden exclude each other; describe the network in one way".formatted(other));
        }
    }

    private @Nullable LabelEncoding labelEncoding() {
        try {
            return labels == null ? null : new LabelEncoding(labels);
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException("labels", e);
        }
    }

    private Preprocessing preprocessing() {
        return requireNonNullElse(standardize, false) ? Preprocessing.Standardized.UNKNOWN : Preprocessing.NONE;
    }

    private TrainingPlan plan(TrainingPlan defaults, long chosenSeed) {
        return new TrainingPlan(
                defaults.epochs(),
                requireNonNullElse(batchSize, defaults.batchSize()),
                requireNonNullElse(shuffle, defaults.shuffle()),
                optimizer == null ? defaults.optimizer() : toOptimizer(optimizer),
                requireNonNullElse(learningRate, defaults.learningRate()),
                learningRateSchedule == null ? new LearningRateSchedule.Constant() : learningRateSchedule.toSchedule(),
                new Regularization(
                        requireNonNullElse(l1, 0f),
                        requireNonNullElse(l2, 0f),
                        requireNonNullElse(clipNorm, Float.POSITIVE_INFINITY)),
                null,
                chosenSeed);
    }

    private static Optimizer toOptimizer(OptimizerForm form) {
        try {
            return form.toOptimizer();
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException("optimizer", e);
        }
    }
}
