package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Evaluator;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.StopReason;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingResult;
import io.backprop.engine.TrainingState;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Metrics;
import io.backprop.training.CrossValidation.FoldResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Cross-validations, whose parts are their folds. For each fold, the networks of a model are trained from fresh parameters
 * on the rows of all other folds, and measured on its own. Early stopping monitors rows of the other folds, so that the
 * measured rows do not decide about the parameters.
 */
@Component
final class CrossValidations implements PartedTraining {

    @Override
    public Training.Kind kind() {
        return Training.Kind.CROSS_VALIDATION;
    }

    /** All folds, unless one has diverged: then only those before it, so that it is always the first one that is reported. */
    @Override
    public Next next(TrainingSettings settings, List<TrainingPart> parts, @Nullable Ending ending) {
        if (ending != null) {
            return new End(TrainingOutcome.failed(
                    StopReason.TIME_LIMIT, "the time limit was reached before all folds were completed"));
        }
        List<TrainingPart> completed =
                parts.stream().filter(part -> part.hasCompleted(0)).toList();
        TrainingPart diverged = completed.stream()
                .filter(part -> part.results().get(0).hasDiverged())
                .findFirst()
                .orElse(null);
        int needed = diverged == null ? settings.folds() : diverged.number();
        long missing = needed
                - completed.stream().filter(part -> part.number() < needed).count();
        if (missing > 0) {
            return new Parts(IntStream.range(0, needed)
                    .mapToObj(fold -> new Assignment(fold, 0, settings.plan().epochs()))
                    .toList());
        }
        return new End(diverged == null ? succeeded(settings, completed) : failed(settings, diverged));
    }

    private static TrainingOutcome failed(TrainingSettings settings, TrainingPart fold) {
        return TrainingOutcome.failed(
                StopReason.DIVERGED,
                "in fold %d of %d, %s"
                        .formatted(
                                fold.number() + 1,
                                settings.folds(),
                                fold.results().get(0).error()));
    }

    private static TrainingOutcome succeeded(TrainingSettings settings, List<TrainingPart> completed) {
        List<PartResult> results =
                completed.stream().map(part -> part.results().get(0)).toList();
        List<FoldResult> folds = results.stream()
                .map(result -> new FoldResult(
                        result.examples(),
                        result.epochs(),
                        Objects.requireNonNull(result.validationLoss()),
                        result.metrics()))
                .toList();
        boolean early = results.stream().anyMatch(result -> result.stopReason() == StopReason.EARLY_STOPPING);
        return new TrainingOutcome(
                early ? StopReason.EARLY_STOPPING : StopReason.EPOCHS,
                null,
                null,
                new CrossValidation(settings.folds(), folds).means(),
                folds,
                null,
                List.of(),
                null);
    }

    @Override
    public StageEnd run(
            PreparedTraining prepared, Assignment assignment, @Nullable Checkpoint checkpoint, PartRun run) {
        FoldExamples fold = new FoldExamples(prepared, assignment.number(), true);
        TrainingData data = new TrainingData(fold.training(), fold.monitored());
        List<TrainedNetwork> completed = new ArrayList<>(checkpoint == null ? List.of() : checkpoint.completed());
        TrainingState state = checkpoint == null ? null : checkpoint.state();
        NetworkSpec spec = prepared.architecture().networkSpec().orElseThrow();
        boolean early = completed.stream()
                .anyMatch(network -> network.epochs() < prepared.plan().epochs());
        while (completed.size() < prepared.model().spec().ensemble().size()) {
            int number = completed.size();
            run.beginNetwork(List.copyOf(completed));
            TrainingPlan plan =
                    prepared.plan().withSeed(EnsembleSpec.seed(prepared.plan().seed(), number));
            Trainer trainer = state == null
                    ? Trainer.start(prepared.start().network(number), plan, data)
                    : Trainer.resume(spec, state, plan, data);
            state = null;
            TrainingResult result;
            try {
                result = trainer.withTargets(prepared.targetKind(), fold::unscaled)
                        .withoutHistory() // the run records it
                        .train(run);
            } catch (TrainingDivergedException e) {
                return new StageEnd(
                        diverged(epochs(completed) + trainer.state().progress().epoch(), prepared, e), List.of(), null);
            }
            if (result.stopReason() == StopReason.CANCELLED || result.stopReason() == StopReason.TIME_LIMIT) {
                return new StageEnd(null, completed, trainer.state());
            }
            early |= result.stopReason() == StopReason.EARLY_STOPPING;
            completed.add(new TrainedNetwork(result.network().parameterVector(), result.epochsCompleted(), null));
        }
        try {
            StopReason reason = early ? StopReason.EARLY_STOPPING : StopReason.EPOCHS;
            return new StageEnd(measured(completed, spec, reason, prepared, fold), List.of(), null);
        } catch (TrainingDivergedException e) {
            return new StageEnd(diverged(epochs(completed), prepared, e), List.of(), null);
        }
    }

    private static int epochs(List<TrainedNetwork> completed) {
        return completed.stream().mapToInt(TrainedNetwork::epochs).sum();
    }

    private static PartResult diverged(int epochs, PreparedTraining prepared, TrainingDivergedException e) {
        return new PartResult(
                epochs, null, StopReason.DIVERGED, null, 0, null, 1, Map.of(), TrainingExecutor.explain(e, prepared));
    }

    private static PartResult measured(
            List<TrainedNetwork> trained,
            NetworkSpec spec,
            StopReason reason,
            PreparedTraining prepared,
            FoldExamples fold) {
        Evaluator evaluator = Ensemble.of(trained.stream()
                        .map(network -> Network.of(spec, network.parameters()))
                        .toList())
                .evaluator();
        Matrix predictions = fold.unscaled(evaluator.add(fold.held()));
        Metrics metrics = Metrics.of(prepared.architecture(), predictions, fold.heldTargets());
        return new PartResult(
                epochs(trained),
                null,
                reason,
                null,
                fold.heldTargets().rows(),
                evaluator.loss(),
                1,
                metrics.numbers(),
                null);
    }
}
