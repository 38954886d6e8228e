package io.backprop.training;

import static io.backprop.training.TestModels.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.backprop.engine.Folds;
import io.backprop.engine.Matrix;
import io.backprop.engine.StopReason;
import io.backprop.engine.Threads;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Model;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Targets;
import io.backprop.training.TrainingRun.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of an ensemble that are trained side by side. */
class EnsembleTrainerTests {

    private static final int SIZE = 4;
    private static final int EPOCHS = 5;
    private static final int ROWS = 40;

    private final List<Checkpoint> checkpoints = new ArrayList<>();

    private static PreparedTraining prepared(EnsembleSpec.By by, float learningRate) {
        Random random = new Random(1);
        float[] inputs = new float[2 * ROWS];
        float[] targets = new float[ROWS];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextFloat();
            targets[i / 2] += inputs[i];
        }
        Model model = TestModels.untrained(null, Preprocessing.NONE).withNetworks(new EnsembleSpec(SIZE, by));
        MatrixSource source = new MatrixSource(
                Matrix.wrap(ROWS, 2, inputs), new Targets.Numbers(Matrix.wrap(ROWS, 1, targets)), null);
        ExampleSource.Fitted fitted = source.fit(model, command(), size -> {});
        TrainingPlan plan = model.spec().plan().withEpochs(EPOCHS).withLearningRate(learningRate);
        return new PreparedTraining(
                model, fitted.architecture(), true, TestModels.settings(plan, 0), fitted.data(), List.of());
    }

    private static LeasedTraining leased(
            PreparedTraining prepared, Duration timeLeft, @Nullable Checkpoint checkpoint) {
        Training training = new Training(
                "id",
                "m",
                1,
                Training.Kind.TRAINING,
                Training.State.RUNNING,
                SIZE * EPOCHS,
                ROWS,
                0,
                prepared.settings(),
                null,
                Training.Progress.NONE,
                TrainingOutcome.NONE,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                List.of(),
                "",
                null);
        return new LeasedTraining(training, new TrainingLease("id", 1), null, 1, timeLeft, prepared, checkpoint);
    }

    /** What does not depend on the threads or interruptions of a training. */
    private record Trained(List<TrainedNetwork> networks, StopReason reason, History history) {

        static Trained of(EnsembleTrainer.Result result, TrainingRun run) {
            return new Trained(result.networks(), result.stopReason(), run.history());
        }

        List<Integer> epochs() {
            return networks.stream().map(TrainedNetwork::epochs).toList();
        }
    }

    private TrainingRun run(LeasedTraining leased, Duration checkpointInterval) {
        LeaseStore store = mock(LeaseStore.class);
        TrainingRun run = new TrainingRun(leased, store, checkpointInterval, Runnable::run);
        when(store.checkpoint(any(), any())).thenAnswer(call -> {
            checkpoints.add(call.getArgument(1));
            run.stop(Stop.SUSPEND);
            return true;
        });
        return run;
    }

    private Trained train(PreparedTraining prepared, Threads threads, @Nullable Integer untilEpoch) {
        LeasedTraining leased = leased(prepared, Duration.ofHours(1), null);
        TrainingRun run = run(leased, Duration.ofHours(1));
        return Trained.of(new EnsembleTrainer(leased, run, threads, untilEpoch).train(), run);
    }

    @ParameterizedTest
    @EnumSource
    void threadsDoNotChangeTheResult(EnsembleSpec.By by) {
        PreparedTraining prepared = prepared(by, 0.01f);

        Trained alone = train(prepared, Threads.ONE, null);

        assertThat(alone.epochs()).containsExactly(EPOCHS, EPOCHS, EPOCHS, EPOCHS);
        assertThat(alone.networks).doesNotHaveDuplicates();
        assertThat(alone.history.loss()).hasSize(SIZE * EPOCHS);
        for (int threads = 2; threads <= 7; threads++) {
            assertThat(train(prepared, Threads.of(threads), null)).isEqualTo(alone);
        }
    }

    @Test
    void trainingDoesNotWaitForHelpers() {
        PreparedTraining prepared = prepared(EnsembleSpec.By.FOLD, 0.01f);
        Trained alone = train(prepared, Threads.ONE, null);

        Threads busy = new Threads(task -> {}, 3);
        Threads closed = new Threads(
                task -> {
                    throw new RejectedExecutionException();
                },
                3);

        assertThat(train(prepared, busy, null)).isEqualTo(alone);
        assertThat(train(prepared, closed, null)).isEqualTo(alone);
    }

    @Test
    void helperThatBeginsTooLateHasNothingToDo() {
        List<Runnable> late = new ArrayList<>();
        PreparedTraining prepared = prepared(EnsembleSpec.By.SEED, 0.01f);

        Trained trained = train(prepared, new Threads(late::add, 2), null);
        late.forEach(Runnable::run);

        assertThat(late).hasSize(1);
        assertThat(trained).isEqualTo(train(prepared, Threads.ONE, null));
    }

    /** Trains with an interruption after each epoch of the network in front. */
    private Trained trainWithInterruptions(PreparedTraining prepared, Threads threads) {
        while (true) {
            Checkpoint checkpoint = checkpoints.isEmpty() ? null : checkpoints.get(checkpoints.size() - 1);
            LeasedTraining leased = leased(prepared, Duration.ofHours(1), checkpoint);
            TrainingRun run = run(leased, Duration.ZERO);
            EnsembleTrainer trainer = new EnsembleTrainer(leased, run, threads, null);
            EnsembleTrainer.Result result = trainer.train();
            if (result.stopReason() != StopReason.CANCELLED) {
                return Trained.of(result, run);
            }
            trainer.writeCheckpoint();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void resumesAfterAnyEpochWithTheSameBits(int threads) {
        PreparedTraining prepared = prepared(EnsembleSpec.By.FOLD, 0.01f);

        Trained trained = trainWithInterruptions(prepared, Threads.of(threads));

        assertThat(trained).isEqualTo(train(prepared, Threads.ONE, null));
        assertThat(checkpoints)
                .hasSizeGreaterThanOrEqualTo(EPOCHS - 1)
                .allSatisfy(checkpoint -> assertThat(checkpoint.history().loss())
                        .hasSize(Checkpoint.epochs(checkpoint.completed(), checkpoint.state())));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void resumesBetweenAnyTwoNetworks(int threads) {
        PreparedTraining prepared = prepared(EnsembleSpec.By.FOLD, 0.01f);
        Trained uninterrupted = trainWithInterruptions(prepared, Threads.ONE);
        assertThat(checkpoints)
                .extracting(checkpoint -> checkpoint.completed().size())
                .contains(0, 1, 2, 3);

        for (Checkpoint checkpoint : List.copyOf(checkpoints)) {
            LeasedTraining leased = leased(prepared, Duration.ofHours(1), checkpoint);
            TrainingRun run = run(leased, Duration.ofHours(1));
            EnsembleTrainer trainer = new EnsembleTrainer(leased, run, Threads.of(threads), null);

            assertThat(Trained.of(trainer.train(), run)).isEqualTo(uninterrupted);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void keepsTheNetworksBeforeTheFirstIncompleteOne(int threads) {
        PreparedTraining prepared = prepared(EnsembleSpec.By.FOLD, 0.01f);
        List<TrainedNetwork> all = trainWithInterruptions(prepared, Threads.ONE).networks();

        for (Checkpoint checkpoint : List.copyOf(checkpoints)) {
            LeasedTraining leased = leased(prepared, Duration.ofHours(1), checkpoint);
            TrainingRun run = run(leased, Duration.ofHours(1));
            run.stop(Stop.KEEP);

            EnsembleTrainer.Result result = new EnsembleTrainer(leased, run, Threads.of(threads), null).train();

            int kept = result.networks().size();
            int before = checkpoint.completed().size();
            assertThat(kept).isBetween(Math.max(1, before), SIZE);
            assertThat(result.networks().subList(0, before)).isEqualTo(all.subList(0, before));
            assertThat(result.stopReason()).isEqualTo(kept == SIZE ? StopReason.EPOCHS : StopReason.CANCELLED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void timeLimitLeavesTheFirstNetwork(int threads) {
        LeasedTraining leased = leased(prepared(EnsembleSpec.By.SEED, 0.01f), Duration.ZERO, null);
        TrainingRun run = run(leased, Duration.ofHours(1));

        EnsembleTrainer.Result result = new EnsembleTrainer(leased, run, Threads.of(threads), null).train();

        assertThat(result.stopReason()).isEqualTo(StopReason.TIME_LIMIT);
        assertThat(result.networks()).hasSize(1);
        assertThat(run.history().loss()).hasSize(result.epochs());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void endsEachNetworkAtAnEarlierEpoch(int threads) {
        Trained trained = train(prepared(EnsembleSpec.By.SEED, 0.01f), Threads.of(threads), 2);

        assertThat(trained.epochs()).containsExactly(2, 2, 2, 2);
        assertThat(trained.reason).isEqualTo(StopReason.EPOCHS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void reportsTheFirstNetworkThatDiverges(int threads) {
        assertThatThrownBy(() -> train(prepared(EnsembleSpec.By.SEED, 3e38f), Threads.of(threads), null))
                .isInstanceOf(TrainingDivergedException.class)
                .hasMessageContaining("epoch 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void errorOfANetworkReachesTheCaller(int threads) {
        PreparedTraining prepared = prepared(EnsembleSpec.By.FOLD, 0.01f);
        int[] foldOf = IntStream.range(0, ROWS).map(row -> row % (SIZE - 1)).toArray();
        PreparedTraining withoutLastFold =
                prepared.with(new TrainingData(prepared.data().training(), null, Folds.of(SIZE - 1, foldOf)));

        assertThatThrownBy(() -> train(withoutLastFold, Threads.of(threads), null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
