package io.backprop.model;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.security.RequestLimits;
import io.backprop.tabular.Targets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Answers from a model's published parameters, whatever is being trained meanwhile. */
@Service
public class PredictionService {

    private final ModelService models;
    private final RequestLimits limits;

    PredictionService(ModelService models, RequestLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    /** Predictions for rows of inputs, and for a classification the most probable labels. */
    public Prediction predict(String id, @Nullable Long version, Matrix inputs) {
        Model model = models.get(id, version);
        Architecture architecture = model.spec().architecture();
        Network network = network(model);
        Architecture.requireWidth("inputs", inputs.columns(), architecture.inputs(), "takes");
        requireWithinLimits(inputs, network);
        Matrix predictions = network.predict(inputs);
        return new Prediction(model, predictions, labels(architecture, predictions));
    }

    private static @Nullable List<String> labels(Architecture architecture, Matrix predictions) {
        if (architecture.outputLayer().task() != Task.CLASSIFICATION) {
            return null;
        }
        return architecture.classes(predictions.columns()).decode(predictions);
    }

    /** How well the model's predictions meet targets. */
    public Evaluation evaluate(String id, @Nullable Long version, Matrix inputs, Targets targets) {
        Model model = models.get(id, version);
        Network network = network(model);
        Architecture architecture = model.spec().architecture();
        requireWithinLimits(inputs, network);
        Examples examples = new ExampleEncoder(architecture, "inputs", "targets").encode(inputs, targets);
        Metrics metrics = Metrics.of(architecture, network.predict(inputs), examples.targets());
        return new Evaluation(model, examples.size(), network.loss(examples), metrics);
    }

    private void requireWithinLimits(Matrix inputs, Network network) {
        limits.requireNumbers("inputs", inputs.rows(), network.spec().outputs());
        limits.requirePrediction(inputs.rows(), network.spec().parameterCount());
    }

    private static Network network(Model model) {
        if (model.version() == 0 || model.network() == null) {
            throw new ModelNotTrainedException(model.id());
        }
        return model.network();
    }
}
