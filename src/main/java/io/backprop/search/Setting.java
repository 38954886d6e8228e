package io.backprop.search;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Activation;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Optimizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value of a hyper-parameter. */
public sealed interface Setting {

    SearchField field();

    /** A number. */
    record Numeric(SearchField field, double value) implements Setting {
        public Numeric {
            field.requireNumber(field.id(), value);
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
            requireArgument(
                    dropout == null || (dropout >= 0 && dropout < 1),
                    "dropout must be at least 0 and less than 1, but was %s",
                    dropout);
        }
    }

    /** The activation of the hidden layers. */
    record HiddenActivation(Activation value) implements Setting {
        @Override
        public SearchField field() {
            return SearchField.ACTIVATION;
        }
    }

    record Initializer(io.backprop.engine.Initializer value) implements Setting {
        @Override
        public SearchField field() {
            return SearchField.INITIALIZER;
        }
    }

    record Optimization(Optimizer value) implements Setting {
        @Override
        public SearchField field() {
            return SearchField.OPTIMIZER;
        }
    }

    record Schedule(LearningRateSchedule value) implements Setting {
        @Override
        public SearchField field() {
            return SearchField.LEARNING_RATE_SCHEDULE;
        }
    }
}
