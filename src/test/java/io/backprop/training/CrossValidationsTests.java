package io.backprop.training;

import static io.backprop.training.TestModels.command;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingState;
import io.backprop.model.Model;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Targets;
import io.backprop.training.PartedTraining.Assignment;
import io.backprop.training.PartedTraining.End;
import io.backprop.training.PartedTraining.Ending;
import io.backprop.training.PartedTraining.Parts;
import io.backprop.training.PartedTraining.StageEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a cross-validation does next, and in a fold. */
class CrossValidationsTests {

    private static final int FOLDS = 4;

    private final CrossValidations crossValidations = new CrossValidations();
    private final Model model = TestModels.untrained(null, Preprocessing.NONE);
    private final TrainingSettings settings =
            TestModels.settings(model.spec().plan().withEpochs(9), FOLDS);

    private static TrainingPart fold(int number, @Nullable String error) {
        PartResult result = new PartResult(
                9,
                null,
                error == null ? StopReason.EPOCHS : StopReason.DIVERGED,
                null,
                number + 1,
                error == null ? 1.0 / number : null,
                1,
                error == null ? Map.of("r2", number / 8.0) : Map.of(),
                error);
        return new TrainingPart(
                "id/" + number, "id", number, 0, TrainingPart.State.COMPLETED, Training.Progress.NONE, List.of(result));
    }

    private PartedTraining.Next next(TrainingPart... completed) {
        return crossValidations.next(settings, List.of(completed), null);
    }

    private static List<Integer> folds(PartedTraining.Next next) {
        return ((Parts) next).assignments().stream().map(Assignment::number).toList();
    }

    @Test
    void startsWithAllFolds() {
        assertThat(next())
                .isEqualTo(new Parts(List.of(
                        new Assignment(0, 0, 9),
                        new Assignment(1, 0, 9),
                        new Assignment(2, 0, 9),
                        new Assignment(3, 0, 9))));
        assertThat(folds(next(fold(0, null), fold(2, null)))).containsExactly(0, 1, 2, 3);
    }

    @Test
    void endsWithTheResultsOfAllFolds() {
        TrainingOutcome outcome = ((End) next(fold(0, null), fold(1, null), fold(2, null), fold(3, null))).outcome();

        assertThat(outcome.state()).isEqualTo(Training.State.SUCCEEDED);
        assertThat(outcome.folds())
                .extracting(CrossValidation.FoldResult::examples)
                .containsExactly(1, 2, 3, 4);
        assertThat(outcome.validationMetrics()).isEqualTo(Map.of("r2", 6 / 8.0 / 4));
    }

    @Test
    void reportsTheFirstFoldThatDivergesWhicheverIsFaster() {
        assertThat(folds(next(fold(3, "late")))).containsExactly(0, 1, 2);
        assertThat(folds(next(fold(1, "early"), fold(3, "late")))).containsExactly(0);

        TrainingOutcome outcome = ((End) next(fold(0, null), fold(1, "early"), fold(3, "late"))).outcome();

        assertThat(outcome.reason()).isEqualTo(StopReason.DIVERGED);
        assertThat(outcome.error()).isEqualTo("in fold 2 of 4, early");
    }

    @Test
    void failsAtTheTimeLimit() {
        End end = (End) crossValidations.next(settings, List.of(fold(0, null)), Ending.TIME_LIMIT);

        assertThat(end.outcome().reason()).isEqualTo(StopReason.TIME_LIMIT);
        assertThat(end.outcome().state()).isEqualTo(Training.State.FAILED);
    }

    /** Stops after some epochs, of all networks. */
    private static final class StoppingRun implements PartRun {

        private int left;
        private boolean stopped;

        StoppingRun(int epochs) {
            left = epochs;
        }

        @Override
        public void beginNetwork(List<TrainedNetwork> before) {}

        @Override
        public boolean isStopped() {
            return stopped;
        }

        @Override
        public void epochEnded(EpochReport report, Supplier<Network> network) {
            left--;
        }

        @Override
        public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
            stopped = left <= 0;
            return stopped ? StopReason.CANCELLED : null;
        }
    }

    @Test
    void stoppedFoldContinuesWithTheSameBits() {
        PreparedTraining prepared = prepared();
        Assignment assignment = new Assignment(2, 0, 9);
        PartResult uninterrupted = Objects.requireNonNull(crossValidations
                .run(prepared, assignment, null, new StoppingRun(Integer.MAX_VALUE))
                .result());

        Checkpoint checkpoint = null;
        List<Integer> completed = new ArrayList<>();
        StageEnd end = crossValidations.run(prepared, assignment, null, new StoppingRun(4));
        while (end.result() == null) {
            completed.add(end.completed().size());
            checkpoint = new Checkpoint(end.completed(), Objects.requireNonNull(end.state()), History.EMPTY);
            end = crossValidations.run(prepared, assignment, checkpoint, new StoppingRun(4));
        }

        assertThat(completed).containsExactly(0, 0);
        assertThat(end.result()).isEqualTo(uninterrupted);
        assertThat(uninterrupted.epochs()).isEqualTo(9);
    }

    private PreparedTraining prepared() {
        Random random = new Random(1);
        float[] inputs = new float[80];
        float[] targets = new float[40];
        for (int i = 0; i < 80; i++) {
            inputs[i] = random.nextFloat();
            targets[i / 2] += inputs[i];
        }
        MatrixSource source =
                new MatrixSource(Matrix.wrap(40, 2, inputs), new Targets.Numbers(Matrix.wrap(40, 1, targets)), null);
        ExampleSource.Fitted fitted = source.fit(model, command(null, FOLDS), size -> {});
        return new PreparedTraining(model, fitted.architecture(), true, settings, fitted.data(), List.of());
    }
}
