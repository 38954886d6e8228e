package io.backprop.model;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.security.RequestLimits;
import io.backprop.tabular.Table;
import io.backprop.tabular.Targets;
import io.backprop.tabular.Warnings;
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

    /** The model as it was in the given version, or as it is now, ready to answer. */
    public Predictor predictor(String id, @Nullable Long version) {
        return new Predictor(models.get(id, version));
    }

    /** Predictions for rows of inputs, and for a classification the most probable labels. */
    public Prediction predict(String id, @Nullable Long version, Matrix inputs) {
        Predictor predictor = predictor(id, version);
        Matrix encoded = predictor.encode(inputs);
        requireWithinLimits("inputs", inputs.rows(), predictor);
        return predict(predictor, encoded, List.of());
    }

    /** Predictions for rows of a table, and for a classification the most probable labels. */
    public Prediction predict(String id, @Nullable Long version, Table rows) {
        Predictor predictor = predictor(id, version);
        Warnings warnings = new Warnings();
        requireWithinLimits("rows", rows.rows(), predictor);
        Matrix encoded = rows.encode(predictor.columns().features(), warnings);
        return predict(predictor, encoded, warnings.toList());
    }

    private static Prediction predict(Predictor predictor, Matrix encoded, List<String> warnings) {
        Matrix predictions = predictor.predict(encoded);
        return new Prediction(predictor.model(), predictions, predictor.labels(predictions), warnings);
    }

    /** How well the model's predictions meet targets. */
    public Evaluation evaluate(String id, @Nullable Long version, Matrix inputs, Targets targets) {
        Predictor predictor = predictor(id, version);
        Architecture architecture = predictor.model().spec().architecture();
        requireWithinLimits("inputs", inputs.rows(), predictor);
        Examples examples = new ExampleEncoder(architecture, "inputs", "targets").encode(inputs, targets);
        return evaluate(predictor, predictor.encode(inputs), examples.targets(), List.of());
    }

    /** How well the model's predictions meet the targets that the rows of a table have. */
    public Evaluation evaluate(String id, @Nullable Long version, Table rows) {
        Predictor predictor = predictor(id, version);
        Architecture architecture = predictor.model().spec().architecture();
        Warnings warnings = new Warnings();
        requireWithinLimits("rows", rows.rows(), predictor);
        Targets targets = rows.targets(
                predictor.columns().target(), architecture.outputLayer().task() == Task.CLASSIFICATION);
        Matrix wanted = new ExampleEncoder(architecture, "rows", "target").encodeTargets(targets);
        Matrix encoded = rows.encode(predictor.columns().features(), warnings);
        return evaluate(predictor, encoded, wanted, warnings.toList());
    }

    private static Evaluation evaluate(Predictor predictor, Matrix encoded, Matrix targets, List<String> warnings) {
        Architecture architecture = predictor.model().spec().architecture();
        Matrix scaled = architecture.preprocessing().targets().apply(targets);
        double loss = predictor.network().loss(Examples.of(encoded, scaled));
        Metrics metrics = Metrics.of(architecture, predictor.predict(encoded), targets);
        return new Evaluation(predictor.model(), targets.rows(), loss, metrics, warnings);
    }

    private void requireWithinLimits(String field, int rows, Predictor predictor) {
        limits.requireNumbers(field, rows, predictor.network().spec().outputs());
        limits.requirePrediction(rows, predictor.network().spec().parameterCount());
    }
}
