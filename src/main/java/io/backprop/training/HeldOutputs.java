package io.backprop.training;

import io.backprop.engine.Activation;
import io.backprop.engine.Calibration;
import io.backprop.engine.Ensemble;
import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Threads;
import io.backprop.model.Architecture;
import io.backprop.model.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What networks compute for rows that they were not trained on.
 *
 * @param outputs logits if the loss is a cross-entropy, else predictions in the unit of the targets
 * @param targets in their unit
 */
record HeldOutputs(Matrix outputs, Matrix targets) {

    /** Those of each network for its own fold. */
    static HeldOutputs ofFolds(PreparedTraining prepared, List<TrainedNetwork> networks) {
        Folds folds = Objects.requireNonNull(prepared.data().folds());
        Matrix all = prepared.data().training().targets();
        List<Matrix> outputs = new ArrayList<>();
        List<Matrix> targets = new ArrayList<>();
        for (int fold = 0; fold < networks.size(); fold++) {
            outputs.add(Objects.requireNonNull(networks.get(fold).held()));
            targets.add(all.select(folds.split(fold).validation()));
        }
        return new HeldOutputs(Matrix.concatenate(outputs), Matrix.concatenate(targets));
    }

    /** The logits of an ensemble for validation examples. */
    static HeldOutputs of(Ensemble ensemble, Examples validation, Threads threads) {
        return new HeldOutputs(ensemble.logits(validation.inputs(), threads), validation.targets());
    }

    /** The temperature that fits these logits. */
    double temperature(NetworkSpec spec) {
        return Calibration.temperature(spec.outputLayer().activation(), outputs, targets);
    }

    Metrics metrics(Architecture architecture, NetworkSpec spec, double temperature) {
        Activation activation = spec.outputLayer().activation();
        Matrix predictions =
                spec.loss().isCrossentropy() ? Calibration.probabilities(activation, outputs, temperature) : outputs;
        return Metrics.of(architecture, predictions, targets);
    }
}
