package io.backprop.prediction;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.ModelService;
import io.backprop.tabular.Targets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Predicts with the published parameters of a model, also while the model is being trained. */
@Service
public class PredictionService {

    private final ModelService models;
    private final RequestLimits limits;
    private final MemoryBudget memory;

    PredictionService(ModelService models, RequestLimits limits, MemoryBudget memory) {
        this.models = models;
        this.limits = limits;
        this.memory = memory;
    }

    /** A predictor for the given version of a model, or for the current one. */
    public Predictor predictor(String id, @Nullable Long version) {
        return new Predictor(models.get(id, version));
    }

    /** Predicts for rows of inputs. */
    public Prediction predict(Predictor predictor, Matrix inputs) {
        requireWithinLimits(inputs.rows(), predictor);
        memory.acquire(predictor.memoryToPredict(inputs.rows()));
        return predictor.prediction(predictor.predict(predictor.encode(inputs)), List.of());
    }

    /** Compares the model's predictions with targets. */
    public Evaluation evaluate(Predictor predictor, Matrix inputs, Targets targets) {
        requireWithinLimits(inputs.rows(), predictor);
        memory.acquire(predictor.memoryToPredict(inputs.rows()) + predictor.memoryToCompare(inputs.rows()));
        Matrix encoded = predictor.encode(inputs);
        Examples examples = new ExampleEncoder(predictor.architecture(), "inputs", "targets").encode(encoded, targets);
        EvaluationAccumulator accumulator = new EvaluationAccumulator(predictor);
        accumulator.add(encoded, examples.targets());
        return accumulator.evaluation(List.of());
    }

    private void requireWithinLimits(int rows, Predictor predictor) {
        NetworkSpec spec = predictor.network().spec();
        limits.requireCells("inputs", rows, "outputs", predictor.width());
        limits.requirePredictionFlops("inputs", rows, spec.parameterCount(), 1);
    }
}
