package io.backprop.search;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireShare;
import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.Activation;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Optimizer;
import io.backprop.engine.Regularization;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.ModelSpec;
import io.backprop.model.TabularPreset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value of a hyper-parameter. */
public sealed interface Setting {

    SearchField field();

    /** A description with this value in place of its own. */
    ModelSpec applyTo(ModelSpec spec);

    /** A number. */
    record Numeric(SearchField field, double value) implements Setting {
        public Numeric {
            field.requireNumber(field.id(), value);
        }

        @Override
        public ModelSpec applyTo(ModelSpec spec) {
            TrainingPlan plan = spec.plan();
            Regularization regularization = plan.regularization();
            float number = (float) value;
            return switch (field) {
                case LEARNING_RATE -> spec.withLearningRate(number);
                case DROPOUT -> spec.withDropout(number);
                case LABEL_SMOOTHING -> spec.withLabelSmoothing(number);
                case WEIGHT_DECAY -> spec.withPlan(plan.withOptimizer(withWeightDecay(plan.optimizer(), number)));
                case BATCH_SIZE -> spec.withPlan(plan.withBatches((int) value, plan.shuffle()));
                case L1 ->
                    spec.withPlan(plan.withRegularization(
                            new Regularization(number, regularization.l2(), regularization.globalClipNorm())));
                case L2 ->
                    spec.withPlan(plan.withRegularization(
                            new Regularization(regularization.l1(), number, regularization.globalClipNorm())));
                case GLOBAL_CLIP_NORM ->
                    spec.withPlan(plan.withRegularization(
                            new Regularization(regularization.l1(), regularization.l2(), number)));
                case FRONT_SCALE -> spec.withPlan(plan.withFrontScale(number));
                case HIDDEN, ACTIVATION, INITIALIZER, OPTIMIZER, LEARNING_RATE_SCHEDULE ->
                    throw new IllegalStateException(field + " is not numeric");
            };
        }

        /** Adam with a weight decay is AdamW. */
        private static Optimizer withWeightDecay(Optimizer optimizer, float weightDecay) {
            if (optimizer instanceof Optimizer.Adam adam) {
                return weightDecay == 0
                        ? adam
                        : new Optimizer.AdamW(adam.beta1(), adam.beta2(), adam.epsilon(), weightDecay);
            }
            if (optimizer instanceof Optimizer.AdamW adam) {
                return weightDecay == 0
                        ? new Optimizer.Adam(adam.beta1(), adam.beta2(), adam.epsilon())
                        : new Optimizer.AdamW(adam.beta1(), adam.beta2(), adam.epsilon(), weightDecay);
            }
            throw new InvalidArgumentException("weightDecay is for the optimizers adam and adamw");
        }
    }

    /** The hidden layers. */
    record Hidden(List<Layer> layers) implements Setting {
        public Hidden {
            layers = List.copyOf(layers);
        }

        @Override
        public SearchField field() {
            return SearchField.HIDDEN;
        }

        @Override
        public ModelSpec applyTo(ModelSpec spec) {
            List<LayerSpec> own = spec.architecture().hidden();
            Activation activation =
                    own.isEmpty() ? spec.form().activation() : own.get(0).activation();
            float dropout = own.isEmpty() ? 0 : own.get(0).dropout();
            boolean chosen = layers.stream().anyMatch(layer -> layer.activation() != null);
            ModelSpec open = chosen ? spec.withLeft(TabularPreset.Setting.ACTIVATION, false) : spec;
            return open.withHidden(layers.stream()
                    .map(layer -> new LayerSpec(
                            layer.units(),
                            requireNonNullElse(layer.activation(), activation),
                            requireNonNullElse(layer.dropout(), dropout)))
                    .toList());
        }
    }

    /**
     * A hidden layer.
     *
     * @param units at least 1
     * @param activation null for that of the model's first hidden layer, or the one that is searched
     * @param dropout in [0, 1); null for that of the model's first hidden layer, or the one that is searched
     */
    record Layer(
            int units,
            @Nullable Activation activation,
            @Nullable Float dropout) {
        public Layer {
            requireArgument(units >= 1, "units must be at least 1, but was %d", units);
            if (dropout != null) {
                requireShare(dropout, "dropout");
            }
        }
    }

    /** The activation of the hidden layers. */
    record HiddenActivation(Activation value) implements Setting {
        @Override
        public SearchField field() {
            return SearchField.ACTIVATION;
        }

        @Override
        public ModelSpec applyTo(ModelSpec spec) {
            return spec.withActivation(value);
        }
    }

    record Initializer(io.backprop.engine.Initializer value) implements Setting {
        @Override
        public SearchField field() {
            return SearchField.INITIALIZER;
        }

        @Override
        public ModelSpec applyTo(ModelSpec spec) {
            return spec.withInitializer(value);
        }
    }

    record Optimization(Optimizer value) implements Setting {
        @Override
        public SearchField field() {
            return SearchField.OPTIMIZER;
        }

        @Override
        public ModelSpec applyTo(ModelSpec spec) {
            return spec.withPlan(spec.plan().withOptimizer(value));
        }
    }

    record Schedule(LearningRateSchedule value) implements Setting {
        @Override
        public SearchField field() {
            return SearchField.LEARNING_RATE_SCHEDULE;
        }

        @Override
        public ModelSpec applyTo(ModelSpec spec) {
            return spec.withPlan(spec.plan().withSchedule(value));
        }
    }
}
