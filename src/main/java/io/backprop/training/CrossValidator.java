package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Evaluator;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.StopReason;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingResult;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network for each fold, from fresh parameters, on the rows of all other folds, and measures it on its own. Early
 * stopping monitors rows of the other folds, so that the measured rows do not decide about the parameters.
 */
final class CrossValidator {

    private final PreparedTraining prepared;
    private final TrainingRun run;
    private final Threads threads;
    private int current; // fold, from 1

    CrossValidator(PreparedTraining prepared, TrainingRun run, Threads threads) {
        this.prepared = prepared;
        this.run = run;
        this.threads = threads;
    }

    /** The results; empty if the run is stopped before the last fold is completed. */
    Optional<CrossValidation> validate() {
        List<CrossValidation.FoldResult> results = new ArrayList<>();
        for (int fold = 0; fold < prepared.folds(); fold++) {
            current = fold + 1;
            CrossValidation.FoldResult result = validate(new FoldExamples(prepared, fold, true));
            if (result == null) {
                return Optional.empty();
            }
            results.add(result);
        }
        return Optional.of(new CrossValidation(prepared.folds(), results));
    }

    /** Which fold is, or was last, trained and measured. */
    String describeFold() {
        return "fold %d of %d".formatted(current, prepared.folds());
    }

    private CrossValidation.@Nullable FoldResult validate(FoldExamples fold) {
        TrainingData data = new TrainingData(fold.training(), fold.monitored());
        List<Network> networks = new ArrayList<>();
        int epochs = 0;
        for (int number = 0; number < prepared.model().spec().ensemble().size(); number++) {
            TrainingPlan plan =
                    prepared.plan().withSeed(EnsembleSpec.seed(prepared.plan().seed(), number));
            TrainingResult result = Trainer.start(prepared.start().network(number), plan, data)
                    .using(threads)
                    .withTargets(prepared.targetKind(), fold::unscaled)
                    .withoutHistory() // the run records it
                    .train(run);
            if (result.stopReason() == StopReason.CANCELLED || result.stopReason() == StopReason.TIME_LIMIT) {
                return null;
            }
            networks.add(result.network());
            epochs += result.epochsCompleted();
        }
        Evaluator evaluator = Ensemble.of(networks).evaluator();
        Matrix predictions = fold.unscaled(evaluator.add(fold.held()));
        Metrics metrics = Metrics.of(prepared.architecture(), predictions, fold.heldTargets());
        return new CrossValidation.FoldResult(fold.heldTargets().rows(), epochs, evaluator.loss(), metrics.numbers());
    }
}
