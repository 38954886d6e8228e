package io.backprop.training;

import static io.backprop.training.TestModels.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.isNull;
import static org.mockito.ArgumentMatchers.notNull;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Matrix;
import io.backprop.engine.StopReason;
import io.backprop.engine.Threads;
import io.backprop.limits.MemoryBusyException;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Targets;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** What one process does with the training that it has leased. */
class TrainingExecutorTests {

    private static final TrainingLease LEASE = new TrainingLease("id", 2);

    private static StorageFullException full() {
        return new StorageFullException("model", new IOException("full"));
    }

    private final Model model = TestModels.untrained(null, Preprocessing.NONE);
    private final ModelService models = mock(ModelService.class);
    private final TrainingStore store = mock(TrainingStore.class);
    private final TrainingExecutor executor = new TrainingExecutor(
            mock(PartStore.class),
            new PartedTrainings(List.of()),
            new TrainingPublisher(models, store, mock(TrainingMetrics.class)));
    private final LeasedTraining leased = leased(3);
    private final TrainingRun run = new TrainingRun(leased, store, Duration.ofHours(1), Runnable::run);

    private LeasedTraining leased(int epochs) {
        MatrixSource source = new MatrixSource(
                Matrix.wrap(4, 2, new float[] {0, 0, 0, 1, 1, 0, 1, 1}),
                new Targets.Numbers(Matrix.wrap(4, 1, new float[] {0, 1, 1, 0})),
                null);
        ExampleSource.Fitted fitted = source.fit(model, command(), size -> {});
        PreparedTraining prepared = new PreparedTraining(
                model,
                fitted.architecture(),
                true,
                TestModels.settings(model.spec().plan().withEpochs(epochs), 0),
                fitted.data(),
                List.of());
        Training training = new Training(
                "id",
                "m",
                1,
                Training.Kind.TRAINING,
                Training.State.RUNNING,
                3,
                4,
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
        return new LeasedTraining(training, LEASE, null, 1, Duration.ofHours(1), prepared, null);
    }

    @BeforeEach
    void acceptEverything() {
        when(models.current(any())).thenReturn(model);
        when(models.nextVersion(any(), any())).thenReturn(model);
        when(store.end(any(), any(), any(), any(), notNull())).thenReturn(true);
        when(store.end(any(), any(), any(), any(), isNull())).thenReturn(true);
        when(store.checkpoint(any(), any())).thenReturn(true);
    }

    private void execute() {
        executor.execute(run, leased, Threads.ONE);
    }

    private final ArgumentCaptor<TrainingStore.NextVersion> version =
            ArgumentCaptor.forClass(TrainingStore.NextVersion.class);
    private final ArgumentCaptor<History> history = ArgumentCaptor.forClass(History.class);

    private TrainingOutcome published() {
        ArgumentCaptor<TrainingOutcome> outcome = ArgumentCaptor.forClass(TrainingOutcome.class);
        verify(store).end(eq(LEASE), outcome.capture(), history.capture(), any(), version.capture());
        assertThat(version.getValue().trained()).isSameAs(model);
        return outcome.getValue();
    }

    private TrainingOutcome ended() {
        ArgumentCaptor<TrainingOutcome> outcome = ArgumentCaptor.forClass(TrainingOutcome.class);
        verify(store).end(eq(LEASE), outcome.capture(), any(), any(), isNull());
        verify(store, never()).end(any(), any(), any(), any(), notNull());
        return outcome.getValue();
    }

    @Test
    void publishesTheResult() {
        execute();

        TrainingOutcome outcome = published();
        assertThat(outcome.state()).isEqualTo(Training.State.SUCCEEDED);
        assertThat(outcome.reason()).isEqualTo(StopReason.EPOCHS);
        assertThat(history.getValue().loss()).hasSize(3);
        assertThat(outcome.trainingMetrics()).containsKey("r2");
        verify(models).refreshIfCached("m");
    }

    @Test
    void runWithoutLiveRequestsCopiesNothing() {
        for (int epoch = 1; epoch <= 100; epoch++) {
            run.epochEnded(new EpochReport(epoch, 100, 0.5, null, List.of()), () -> {
                throw new AssertionError("copied");
            });
        }
        assertThat(run.history().loss()).hasSize(100);
    }

    @Test
    void losesTheLeaseIfTheStoreRejectsTheResult() {
        when(store.end(any(), any(), any(), any(), notNull())).thenReturn(false);

        assertThatThrownBy(this::execute).isInstanceOf(TrainingLease.LostException.class);

        verify(store, never()).end(any(), any(), any(), any(), isNull());
    }

    @Test
    void publishesNothingAfterTheLeaseIsLost() {
        run.stop(TrainingRun.Stop.LEASE_LOST);

        assertThatThrownBy(this::execute).isInstanceOf(TrainingLease.LostException.class);

        verify(store, never()).end(any(), any(), any(), any(), notNull());
        verify(store, never()).end(any(), any(), any(), any(), isNull());
    }

    @Test
    void retriesWhileTheStoreIsUnavailableOrFull() {
        when(store.end(any(), any(), any(), any(), notNull()))
                .thenThrow(new StorageUnavailableException(new IllegalStateException("down")))
                .thenThrow(full())
                .thenReturn(true);

        execute();

        verify(store, times(3)).end(any(), any(), any(), any(), notNull());
        verify(store, never()).end(any(), any(), any(), any(), isNull());
    }

    @Test
    void resultThatWaitsToBeStoredUsesNoTime() {
        List<Duration> worked = new ArrayList<>();
        when(store.end(any(), any(), any(), any(), notNull())).thenAnswer(call -> {
            worked.add(run.worked());
            if (worked.size() == 1) {
                throw full();
            }
            return true;
        });

        execute();

        assertThat(worked).hasSize(2);
        assertThat(worked.get(1)).isEqualTo(worked.get(0)).isEqualTo(run.worked());
    }

    @Test
    void publishedResultNeedsNoMemoryForTheCache() {
        doThrow(new MemoryBusyException()).when(models).refreshIfCached("m");

        execute();

        assertThat(published().state()).isEqualTo(Training.State.SUCCEEDED);
    }

    @Test
    void releasesASuspendedTrainingOnAFullDisk() {
        when(store.saveProgress(any(), any())).thenThrow(full());
        run.stop(TrainingRun.Stop.SUSPEND);

        execute();

        verify(store).release(LEASE);
    }

    @Test
    void suspendsATrainingWhoseResultCannotBeStored() {
        stopsWhenFull(TrainingRun.Stop.SUSPEND);

        execute();

        ArgumentCaptor<Checkpoint> checkpoint = ArgumentCaptor.forClass(Checkpoint.class);
        verify(store).checkpoint(eq(LEASE), checkpoint.capture());
        assertThat(checkpoint.getValue().history().loss()).hasSize(3);
        verify(store).release(LEASE);
        verify(store, never()).end(any(), any(), any(), any(), isNull());
    }

    @Test
    void discardsATrainingWhoseResultCannotBeStored() {
        stopsWhenFull(TrainingRun.Stop.DISCARD);

        execute();

        ArgumentCaptor<TrainingOutcome> outcome = ArgumentCaptor.forClass(TrainingOutcome.class);
        verify(store).end(eq(LEASE), outcome.capture(), any(), any(), isNull());
        assertThat(outcome.getValue().state()).isEqualTo(Training.State.CANCELLED);
    }

    /** Lets the store have no room for the result, and stops the training when that is noticed. */
    private void stopsWhenFull(TrainingRun.Stop reason) {
        when(store.end(any(), any(), any(), any(), notNull())).thenAnswer(call -> {
            run.stop(reason);
            throw full();
        });
    }

    @Test
    void leavesATrainingWithoutEnoughMemoryToAnotherAttempt() {
        when(models.nextVersion(any(), any())).thenThrow(new OutOfMemoryError("for a test"));

        assertThatThrownBy(this::execute).isInstanceOf(OutOfMemoryError.class);

        verify(store, never()).end(any(), any(), any(), any(), isNull());
    }

    @Test
    void writesACheckpointAndReleasesASuspendedTraining() {
        run.stop(TrainingRun.Stop.SUSPEND);

        execute();

        verify(store).checkpoint(eq(LEASE), any());
        verify(store).release(LEASE);
        verify(store, never()).end(any(), any(), any(), any(), notNull());
    }

    @Test
    void publishesACancelledTrainingThatIsKept() {
        run.stop(TrainingRun.Stop.KEEP);

        execute();

        assertThat(published().state()).isEqualTo(Training.State.CANCELLED);
    }

    @Test
    void discardsACancelledTraining() {
        run.stop(TrainingRun.Stop.DISCARD);

        execute();

        assertThat(ended().state()).isEqualTo(Training.State.CANCELLED);
    }

    @Test
    void discardsATrainingThatIsCancelledWhileItsResultIsMeasured() {
        run.stop(TrainingRun.Stop.DISCARD); // not noticed before the only epoch has ended

        executor.execute(run, leased(1), Threads.ONE);

        assertThat(ended().state()).isEqualTo(Training.State.CANCELLED);
    }

    @Test
    void publishesWhatPartsHaveFoundInFull() {
        LeasedTraining late =
                new LeasedTraining(leased.training(), LEASE, null, 1, Duration.ofHours(-1), leased.prepared(), null);
        PartedTraining parted = mock(PartedTraining.class);
        when(parted.kind()).thenReturn(Training.Kind.TRAINING);
        when(parted.refit(any(), any())).thenReturn(PartedTraining.Refit.of(late.prepared()));
        TrainingExecutor executor = new TrainingExecutor(
                mock(PartStore.class),
                new PartedTrainings(List.of(parted)),
                new TrainingPublisher(models, store, mock(TrainingMetrics.class)));

        executor.execute(new TrainingRun(late, store, Duration.ofHours(1), Runnable::run), late, Threads.ONE);

        assertThat(published().reason()).isEqualTo(StopReason.EPOCHS);
        assertThat(history.getValue().loss()).hasSize(3);
    }

    @Test
    void endsATrainingThatFails() {
        when(models.nextVersion(any(), any())).thenThrow(new IllegalStateException("for a test"));

        execute();

        ArgumentCaptor<TrainingOutcome> outcome = ArgumentCaptor.forClass(TrainingOutcome.class);
        verify(store).end(eq(LEASE), outcome.capture(), any(), any(), isNull());
        assertThat(outcome.getValue().state()).isEqualTo(Training.State.FAILED);
        assertThat(outcome.getValue().error()).isEqualTo("an unexpected error, which was logged");
    }
}
