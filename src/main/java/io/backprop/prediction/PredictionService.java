package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.ModelService;
import io.backprop.tabular.Targets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Predicts with the published parameters of a model, also while the model is being trained. */
@Service
public class PredictionService {

    private final ModelService models;
    private final RequestLimits limits;
    private final MemoryBudget memory;
    private final ComputeBudget compute;
    private final PredictionMetrics metrics;

    PredictionService(
            ModelService models,
            RequestLimits limits,
            MemoryBudget memory,
            ComputeBudget compute,
            PredictionMetrics metrics) {
        this.models = models;
        this.limits = limits;
        this.memory = memory;
        this.compute = compute;
        this.metrics = metrics;
    }

    /** A predictor for the given version of a model, or for the current one. */
    public Predictor predictor(String id, @Nullable Long version) {
        return new Predictor(models.get(id, version));
    }

    /** Predicts for rows of inputs. */
    public Prediction predict(Predictor predictor, Matrix inputs) {
        requireWithinLimits(inputs.rows(), predictor);
        memory.acquire(predictor.memoryToPredict(inputs.rows()));
        try {
            List<Matrix> predictions = new ArrayList<>();
            byTurns(
                    predictor,
                    inputs.rows(),
                    (first, rows) -> predictions.add(predictor.predict(predictor.encode(inputs.rows(first, rows)))));
            Matrix all = predictions.size() == 1 ? predictions.get(0) : Matrix.concatenate(predictions);
            Prediction prediction = predictor.prediction(all, List.of());
            metrics.predicted(inputs.rows());
            return prediction;
        } finally {
            compute.release();
        }
    }

    /** Compares the model's predictions with targets. */
    public Evaluation evaluate(Predictor predictor, Matrix inputs, Targets targets) {
        requireWithinLimits(inputs.rows(), predictor);
        memory.acquire(predictor.memoryToPredict(inputs.rows()) + predictor.memoryToCompare(inputs.rows()));
        try {
            Matrix encoded = predictor.encode(inputs);
            Matrix expected = new ExampleEncoder(predictor.architecture(), "inputs", "targets")
                    .encode(encoded, targets)
                    .targets();
            EvaluationAccumulator accumulator = new EvaluationAccumulator(predictor);
            byTurns(
                    predictor,
                    encoded.rows(),
                    (first, rows) -> accumulator.add(encoded.rows(first, rows), expected.rows(first, rows)));
            Evaluation evaluation = accumulator.evaluation(List.of());
            metrics.evaluated(inputs.rows());
            return evaluation;
        } finally {
            compute.release();
        }
    }

    /** Divides rows into parts, between which other large requests may compute. */
    private void byTurns(Predictor predictor, int rows, RangeTask task) {
        int rowsPerTurn = predictor.rowsPerTurn();
        task.run(0, Math.min(rowsPerTurn, rows));
        for (int first = rowsPerTurn; first < rows; first += rowsPerTurn) {
            compute.yieldToOthers();
            task.run(first, Math.min(rowsPerTurn, rows - first));
        }
    }

    private interface RangeTask {
        void run(int first, int count);
    }

    private void requireWithinLimits(int rows, Predictor predictor) {
        limits.requireCells("inputs", rows, "outputs", predictor.width());
        compute.acquireForFlops(limits.requirePredictionFlops(
                "inputs", rows, predictor.ensemble().parameterCount(), 1));
    }
}
