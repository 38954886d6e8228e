package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingState;
import io.backprop.model.ModelService;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.tabular.Preprocessing;
import io.backprop.training.PartedTraining.Assignment;
import io.backprop.training.PartedTraining.End;
import io.backprop.training.PartedTraining.Ending;
import io.backprop.training.PartedTraining.Next;
import io.backprop.training.PartedTraining.Parts;
import io.backprop.training.PartedTraining.StageEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** What one process does with the part of a training that it has leased. */
class PartExecutorTests {

    private static final TrainingLease LEASE = new TrainingLease("id/1", 1);
    private static final Assignment ASSIGNMENT = new Assignment(1, 0, 5);
    private static final PartResult RESULT =
            new PartResult(5, 4, StopReason.CANCELLED, 0.5, 3, 0.25, 1, Map.of(), null);
    private static final Next MORE = new Parts(List.of());

    private final PartedTraining kind = mock(PartedTraining.class);
    private final PartStore store = mock(PartStore.class);
    private final TrainingStore trainings = mock(TrainingStore.class);
    private final TrainingMetrics metrics = mock(TrainingMetrics.class);
    private final Training training = mock(Training.class);
    private final PreparedTraining prepared = mock(PreparedTraining.class);
    private final LeasedTraining leased =
            new LeasedTraining(training, LEASE, ASSIGNMENT, 1, Duration.ofHours(1), prepared, null);
    private TrainingRun run;
    private PartExecutor executor;

    @BeforeEach
    void lease() {
        when(kind.kind()).thenReturn(Training.Kind.SEARCH);
        when(training.id()).thenReturn("id");
        when(training.model()).thenReturn("m");
        when(training.kind()).thenReturn(Training.Kind.SEARCH);
        when(training.progress()).thenReturn(Training.Progress.NONE);
        when(prepared.settings())
                .thenReturn(TestModels.settings(
                        TestModels.untrained(null, Preprocessing.NONE).spec().plan(), 0));
        run = new TrainingRun(leased, store, Duration.ofHours(1), Runnable::run);
        executor = new PartExecutor(
                new PartedTrainings(List.of(kind)), store, trainings, mock(ModelService.class), metrics);
        when(store.endEarly(eq(LEASE), any())).thenReturn(Optional.of(MORE));
    }

    private void execute() {
        executor.execute(run, leased);
    }

    private void ends(StageEnd end) {
        when(kind.run(prepared, ASSIGNMENT, null, run)).thenReturn(end);
    }

    private static StageEnd completed() {
        return new StageEnd(RESULT, List.of(), null);
    }

    /** What the executor decides if a training ends early. */
    private Next decision() {
        @SuppressWarnings("unchecked")
        ArgumentCaptor<Function<List<TrainingPart>, Next>> decision = ArgumentCaptor.forClass(Function.class);
        verify(store).endEarly(eq(LEASE), decision.capture());
        return decision.getValue().apply(List.of());
    }

    @Test
    void storesTheResultOnceTheStoreIsAvailableAndHasRoom() {
        ends(completed());
        when(store.complete(eq(LEASE), eq(RESULT), any(), any(), any(), any()))
                .thenThrow(new StorageFullException("training", new IOException("full")))
                .thenThrow(new StorageUnavailableException(new IOException("no connection")))
                .thenReturn(Optional.of(MORE));

        execute();

        verify(store, times(3)).complete(any(), any(), any(), any(), any(), any());
        verify(metrics, never()).ended(any(), any(), any());
    }

    @Test
    void countsTheEndOfTheTraining() {
        ends(completed());
        when(store.complete(any(), any(), any(), any(), any(), any()))
                .thenReturn(Optional.of(new End(TrainingOutcome.CANCELLED)));
        when(training.state()).thenReturn(Training.State.SUCCEEDED);
        when(trainings.find("id")).thenReturn(Optional.of(training));

        execute();

        verify(metrics).ended(Training.Kind.SEARCH, Training.State.SUCCEEDED, Duration.ZERO);
    }

    @Test
    void endsTheTrainingAtTheTimeLimit() {
        ends(new StageEnd(null, List.of(), mock(TrainingState.class)));
        End end = new End(TrainingOutcome.CANCELLED);
        when(kind.next(any(), eq(List.of()), eq(Ending.TIME_LIMIT))).thenReturn(end);

        execute();

        assertThat(decision()).isEqualTo(end);
    }

    @Test
    void releasesASuspendedPart() {
        ends(new StageEnd(null, List.of(), null));
        run.stop(TrainingRun.Stop.SUSPEND);

        execute();

        verify(store).release(LEASE);
        verify(store, never()).endEarly(any(TrainingLease.class), any());
    }

    @Test
    void releasesAPartThatIsSuspendedBeforeItsResultIsStored() {
        ends(completed());
        when(store.complete(any(), any(), any(), any(), any(), any())).thenAnswer(call -> {
            run.stop(TrainingRun.Stop.SUSPEND);
            throw new StorageUnavailableException(new IOException("no connection"));
        });

        execute();

        verify(store).release(LEASE);
    }

    @Test
    void givesUpAPartWhoseTrainingHasEnded() {
        ends(completed());
        when(store.complete(any(), any(), any(), any(), any(), any())).thenReturn(Optional.empty());

        assertThatThrownBy(this::execute).isInstanceOf(TrainingLease.LostException.class);
        verify(store, never()).endEarly(any(TrainingLease.class), any());
        verify(store, never()).release(any());
    }

    @Test
    void anUnexpectedErrorFailsTheTraining() {
        doThrow(new IllegalStateException("for a test")).when(kind).run(any(), any(), any(), any());

        execute();

        TrainingOutcome outcome = ((End) decision()).outcome();
        assertThat(outcome.state()).isEqualTo(Training.State.FAILED);
        assertThat(outcome.error()).isEqualTo("an unexpected error, which was logged");
    }

    @Test
    void leavesAPartToAnotherAttemptIfMemoryRunsOut() {
        doThrow(new OutOfMemoryError("for a test")).when(kind).run(any(), any(), any(), any());

        assertThatThrownBy(this::execute).isInstanceOf(OutOfMemoryError.class);
        verify(store, never()).endEarly(any(TrainingLease.class), any());
    }
}
