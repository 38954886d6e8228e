package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.model.Architecture;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.Task;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Preprocessing.Standardized;
import io.backprop.tabular.Targets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One version of a model, which answers in the terms of its data. */
public final class Predictor {

    private final Model model;
    private final Architecture architecture;
    private final Network network;

    /** Refuses a model without parameters. */
    Predictor(Model model) {
        if (model.version() == 0 || model.network() == null) {
            throw ModelException.notTrained(model.id());
        }
        this.model = model;
        this.architecture = model.spec().architecture();
        this.network = model.network();
    }

    public Model model() {
        return model;
    }

    Architecture architecture() {
        return architecture;
    }

    Network network() {
        return network;
    }

    /** Whether what the model predicts are the names of classes. */
    public boolean predictsLabels() {
        return architecture.outputLayer().task() == Task.CLASSIFICATION;
    }

    /** Names of the classes of a classification; none unless the model classifies. */
    public List<String> classes() {
        return predictsLabels() ? architecture.classes(network.spec().outputs()).labels() : List.of();
    }

    /** What the model knows about the columns of a table; refuses a model that learned from rows of numbers. */
    public Columns columns() {
        if (architecture.preprocessing() instanceof Columns columns) {
            return columns;
        }
        throw new InvalidInputException(
                "rows", "the model learned from rows of numbers, not from a table; send JSON with inputs");
    }

    /** Rows of numbers as the network takes them; refuses a model that learned from a table. */
    Matrix encode(Matrix inputs) {
        if (architecture.preprocessing() instanceof Columns columns) {
            throw new InvalidInputException(
                    "inputs",
                    "the model learned from a table with a column \"%s\"; send rows instead of inputs"
                            .formatted(columns.target()));
        }
        Architecture.requireWidth("inputs", inputs.columns(), architecture.inputs(), "takes");
        return architecture.preprocessing() instanceof Standardized standardized
                ? standardized.inputs().apply(inputs)
                : inputs;
    }

    /**
     * Predictions in the unit of the targets.
     *
     * @param encoded rows as the network takes them
     */
    public Matrix predict(Matrix encoded) {
        return architecture.preprocessing().targets().invert(network.predict(encoded));
    }

    /** What the predictions for rows of a table should be, one number per output, in the unit of the targets. */
    public Matrix encodeTargets(Targets targets) {
        try {
            return new ExampleEncoder(architecture, "rows", columns().target()).encodeTargets(targets);
        } catch (InvalidInputException e) { // which names the column
            throw new InvalidInputException("rows", String.valueOf(e.getMessage()));
        }
    }

    /** The most probable class of each row of predictions; null unless the model classifies. */
    public @Nullable List<String> labels(Matrix predictions) {
        return predictsLabels() ? architecture.classes(predictions.columns()).decode(predictions) : null;
    }
}
