package io.backprop.prediction;

import io.backprop.engine.Evaluator;
import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.model.MetricsAccumulator;
import io.backprop.tabular.Scaling;
import java.util.List;

/** Compares a model's predictions with targets, which may be added in parts. Not thread-safe. */
final class EvaluationAccumulator {

    private final Predictor predictor;
    private final Scaling scaling;
    private final Evaluator evaluator;
    private final MetricsAccumulator metrics;
    private int examples;

    EvaluationAccumulator(Predictor predictor) {
        this.predictor = predictor;
        this.scaling = predictor.architecture().preprocessing().targets();
        this.evaluator = predictor.ensemble().evaluator();
        this.metrics = new MetricsAccumulator(
                predictor.architecture(), predictor.ensemble().spec().outputs(), predictor.threshold());
    }

    /**
     * Adds examples.
     *
     * @param encoded inputs of the network, rows × inputs
     * @param targets rows × outputs, in the unit of the targets
     */
    void add(Matrix encoded, Matrix targets) {
        Matrix predictions = evaluator.add(Examples.of(encoded, scaling.apply(targets)));
        metrics.add(scaling.invert(predictions), targets);
        examples = Math.addExact(examples, targets.rows());
    }

    /** The result for all examples added so far, of which there must be at least one. */
    Evaluation evaluation(List<String> warnings) {
        return new Evaluation(predictor.model(), examples, evaluator.loss(), metrics.metrics(), warnings);
    }
}
