package io.backprop.prediction;

import io.backprop.engine.Evaluator;
import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.model.MetricsAccumulator;
import io.backprop.tabular.Scaling;
import java.util.List;

/** Compares a version's predictions with targets that may come in parts. For one thread. */
public final class EvaluationAccumulator {

    private final Predictor predictor;
    private final Scaling scaling;
    private final Evaluator evaluator;
    private final MetricsAccumulator metrics;
    private int examples;

    public EvaluationAccumulator(Predictor predictor) {
        this.predictor = predictor;
        this.scaling = predictor.architecture().preprocessing().targets();
        this.evaluator = predictor.network().evaluator();
        this.metrics = new MetricsAccumulator(
                predictor.architecture(), predictor.network().spec().outputs());
    }

    /**
     * Takes more examples.
     *
     * @param encoded rows as the network takes them
     * @param targets one number per output, in their own unit
     */
    public void add(Matrix encoded, Matrix targets) {
        Matrix predictions = evaluator.add(Examples.of(encoded, scaling.apply(targets)));
        metrics.add(scaling.invert(predictions), targets);
        examples = Math.addExact(examples, targets.rows());
    }

    /** Of all examples so far, at least one. */
    public Evaluation evaluation(List<String> warnings) {
        return new Evaluation(predictor.model(), examples, evaluator.loss(), metrics.metrics(), warnings);
    }
}
