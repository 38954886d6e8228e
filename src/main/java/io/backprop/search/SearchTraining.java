package io.backprop.search;

import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingData;
import io.backprop.model.ModelSpec;
import io.backprop.training.Checkpoint;
import io.backprop.training.HeldOutTraining;
import io.backprop.training.PartResult;
import io.backprop.training.PartRun;
import io.backprop.training.PartedTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingPart;
import io.backprop.training.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Divides a search into its trials, whose stages are the rungs. At the end the best configuration is trained on all rows: by
 * fold, if the networks of the model are; to the best epoch of its trial, without rows for validation; or as its trial, if the
 * held-out rows were sent for validation only.
 */
@Component
class SearchTraining implements PartedTraining {

    @Override
    public Training.Kind kind() {
        return Training.Kind.SEARCH;
    }

    static SearchSettings settings(TrainingSettings settings) {
        return (SearchSettings) Objects.requireNonNull(settings.search());
    }

    static SearchCourse course(SearchSettings settings, List<TrainingPart> parts) {
        List<TrialResult> results = new ArrayList<>();
        for (TrainingPart part : parts) {
            for (int rung = 0; rung < part.results().size(); rung++) {
                results.add(TrialResult.of(part.number(), rung, part.results().get(rung)));
            }
        }
        return new SearchCourse(settings, results);
    }

    @Override
    public Next next(TrainingSettings training, List<TrainingPart> parts, @Nullable Ending ending) {
        SearchSettings settings = settings(training);
        SearchCourse course = course(settings, parts);
        SearchCourse.Next next = ending == null ? course.next() : course.stopped();
        if (next instanceof SearchCourse.Train train) {
            int epochs = settings.rungs().get(train.rung()).epochs();
            return new Parts(train.trials().stream()
                    .map(trial -> new Assignment(trial, train.rung(), epochs))
                    .toList());
        }
        TrialResult winner = ((SearchCourse.End) next).winner();
        if (winner == null) {
            return new End(withoutWinner(ending));
        }
        return settings.publish() ? new Train() : new End(unpublished(winner, ending));
    }

    private static TrainingOutcome withoutWinner(@Nullable Ending ending) {
        if (ending == Ending.KEEP) {
            return TrainingOutcome.CANCELLED;
        }
        return ending == Ending.TIME_LIMIT
                ? TrainingOutcome.failed(
                        StopReason.TIME_LIMIT, "the time limit was reached before the first trial was completed")
                : TrainingOutcome.failed(
                        StopReason.DIVERGED,
                        "all trials have diverged; try smaller learning rates, or inputs and targets of moderate size");
    }

    private static TrainingOutcome unpublished(TrialResult winner, @Nullable Ending ending) {
        StopReason reason = ending == null
                ? StopReason.EPOCHS
                : ending == Ending.TIME_LIMIT ? StopReason.TIME_LIMIT : StopReason.CANCELLED;
        return new TrainingOutcome(
                reason, winner.bestEpoch(), null, winner.metrics(), List.of(), null, List.of(), null);
    }

    @Override
    public StageEnd run(PreparedTraining search, Assignment assignment, @Nullable Checkpoint checkpoint, PartRun run) {
        PreparedTraining trial = settings(search.settings()).trial(search, assignment.number());
        return HeldOutTraining.train(trial, checkpoint, run);
    }

    @Override
    public Refit refit(PreparedTraining search, List<TrainingPart> parts) {
        SearchSettings settings = settings(search.settings());
        TrialResult winner =
                Objects.requireNonNull(course(settings, parts).stopped().winner());
        PreparedTraining best = settings.trial(search, winner.trial());
        UnaryOperator<ModelSpec> published = settings.configuration(winner.trial())::applyTo;
        TrainingData data = search.data();
        if (data.folds() != null) {
            return new Refit(best.with(new TrainingData(data.training(), null, data.folds())), null, null, published);
        }
        if (data.heldOut() == null) {
            return new Refit(best, winner.epochs(), null, published);
        }
        PreparedTraining whole =
                best.with(best.model().spec(), best.plan().withKeepBest(null)).with(HeldOutTraining.allRows(best));
        return new Refit(whole, winner.bestEpoch(), measured(parts, winner), published);
    }

    private static PartResult measured(List<TrainingPart> parts, TrialResult result) {
        return parts.stream()
                .filter(part -> part.number() == result.trial())
                .map(part -> part.results().get(result.rung()))
                .findFirst()
                .orElseThrow();
    }
}
