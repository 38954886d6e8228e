package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.isNull;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.TestProperties;
import io.backprop.driver.CheckpointPacket;
import io.backprop.driver.ClaimLostException;
import io.backprop.driver.FailureReport;
import io.backprop.driver.FitReport;
import io.backprop.driver.ProgressAnswer.Cancellation;
import io.backprop.driver.ProgressReport;
import io.backprop.driver.ReleaseReport;
import io.backprop.driver.ResultPacket;
import io.backprop.driver.TrainingClaim;
import io.backprop.driver.TrainingResultReport;
import io.backprop.engine.EpochReport;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LearningRateSchedule.Plateau;
import io.backprop.engine.Metric;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingState;
import io.backprop.engine.Vector;
import io.backprop.limits.DriverProperties;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.model.Task;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.NumberSummary;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.TargetUnit;
import io.backprop.training.TrainingStore.CancellationRequest;
import io.backprop.training.TrainingStore.NextVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.springframework.context.ApplicationEventPublisher;

class ExternalTrainingsTests {

    private static final TrainingLease LEASE = new TrainingLease("id", 2);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final FittedTable FITTED = new FittedTable(
            List.of(new Feature.Numeric("x", new ColumnScaling(0, 1), new NumberRange(0, 0, 1), false)),
            new FittedTarget.Numbers(TargetUnit.NUMBER, new NumberSummary(4, 2, 1, 0, 4), 0),
            null,
            4,
            0,
            List.of());

    private final Model model = TestModels.untrained(Task.REGRESSION, Preprocessing.NONE);
    private final ModelService models = mock(ModelService.class);
    private final TrainingStore store = mock(TrainingStore.class);
    private final ExternalTrainingStore externalStore = mock(ExternalTrainingStore.class);
    private final TrainingMetrics metrics = mock(TrainingMetrics.class);
    private final ExternalPreparation preparation =
            new ExternalPreparation(models, TestProperties.bind(RequestLimits.class, Map.of()));
    private final ExternalTrainings trainings = new ExternalTrainings(
            models,
            store,
            externalStore,
            preparation,
            new TrainingPublisher(models, store, metrics),
            metrics,
            mock(ApplicationEventPublisher.class),
            mock(MemoryBudget.class, RETURNS_DEEP_STUBS),
            TestProperties.bind(DriverProperties.class, Map.of()));
    private final ExternalTraining queued = preparation.queued(
            model, TestModels.command(), new ExternalTable("clicks", "y", Map.of(), CellRules.DEFAULT));
    private final ExternalTraining prepared = preparation.prepared(model, queued, FITTED);
    private final Training training = training(Training.State.RUNNING, TrainingOutcome.NONE);
    private final ArgumentCaptor<TrainingOutcome> outcome = ArgumentCaptor.forClass(TrainingOutcome.class);
    private final ArgumentCaptor<NextVersion> version = ArgumentCaptor.forClass(NextVersion.class);
    private final ArgumentCaptor<Training.Progress> progress = ArgumentCaptor.forClass(Training.Progress.class);

    private Training training(Training.State state, TrainingOutcome ended) {
        return new Training(
                "id",
                "m",
                1,
                Training.Kind.TRAINING,
                state,
                3,
                4,
                0,
                queued.settings(),
                null,
                new Training.Progress(1, 0.5, null, null, Duration.ofSeconds(7)),
                ended,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                List.of("fitted"),
                "",
                null);
    }

    @BeforeEach
    void hold() {
        when(models.get("m")).thenReturn(model);
        when(models.current(any())).thenReturn(model);
        when(models.nextVersion(any(), any())).thenAnswer(call -> call.getArgument(1));
        when(store.find("m", 1)).thenReturn(Optional.of(training));
        when(store.history("id")).thenReturn(History.EMPTY);
        when(store.end(any(), any(), any(), any(), any())).thenReturn(true);
        when(externalStore.find(training)).thenReturn(Optional.of(prepared));
        renews(false, false);
    }

    private void renews(boolean cancelled, boolean keep) {
        when(externalStore.renew(eq(LEASE), any(), eq(TIMEOUT)))
                .thenReturn(Optional.of(new CancellationRequest(LEASE, cancelled, keep)));
    }

    private ClaimedTraining claimed(@Nullable CancellationRequest cancellation, boolean exhausted) {
        return new ClaimedTraining(training, LEASE, false, prepared, true, cancellation, exhausted);
    }

    private TrainingOutcome ended() {
        verify(store).end(eq(LEASE), outcome.capture(), any(), any(), version.capture());
        return outcome.getValue();
    }

    private static EpochReport epoch(int number) {
        return new EpochReport(number, 3, 1.0 / number, null, List.of(new Metric.Score(Metric.R2, 0.5)));
    }

    private Vector parameters(float value) {
        float[] values = new float[prepared.network().parameterCount()];
        Arrays.fill(values, value);
        return Vector.wrap(values);
    }

    private ResultPacket result() {
        TrainingResultReport report = new TrainingResultReport(
                StopReason.EARLY_STOPPING, 2, 9, 3, List.of(new Metric.Score(Metric.R2, 0.75)), null);
        return new ResultPacket(report, List.of(epoch(1), epoch(2)), parameters(0.25f));
    }

    @Test
    void claimTellsWhatADriverHasToDo() {
        when(externalStore.claim(TIMEOUT)).thenReturn(Optional.of(claimed(null, false)));

        TrainingClaim claim = trainings.claim("driver", Duration.ZERO).join().orElseThrow();

        assertThat(claim)
                .isEqualTo(new TrainingClaim(
                        "m",
                        1,
                        2,
                        "clicks",
                        queued.options(),
                        64,
                        7,
                        queued.settings().timeLimit().toSeconds() - 7,
                        prepared.requirePreparation(),
                        true));
        verify(metrics).claimed(training, false);
    }

    @Test
    void waitsForATraining() {
        when(externalStore.claim(TIMEOUT)).thenReturn(Optional.empty());
        var claim = trainings.claim("driver", Duration.ofMinutes(1));
        assertThat(claim).isNotDone();
        when(externalStore.claim(TIMEOUT))
                .thenReturn(Optional.of(claimed(null, false)))
                .thenReturn(Optional.empty());

        trainings.poll();

        assertThat(claim.join()).isPresent();
    }

    @Test
    void shutdownEndsWaits() {
        var claim = trainings.claim("driver", Duration.ofMinutes(1));

        trainings.stop();

        assertThat(claim.join()).isEmpty();
    }

    @Test
    void trainingThatWasAttemptedTooOftenFails() {
        when(externalStore.claim(TIMEOUT))
                .thenReturn(Optional.of(claimed(null, true)))
                .thenReturn(Optional.empty());

        assertThat(trainings.claim("driver", Duration.ZERO).join()).isEmpty();

        assertThat(ended().error()).startsWith("in each of several attempts, the driver has stopped");
        assertThat(version.getValue()).isNull();
        verify(metrics).ended(Training.Kind.TRAINING, Training.State.FAILED, Duration.ofSeconds(7));
    }

    @Test
    void lostClaimIsRejected() {
        when(externalStore.renew(eq(LEASE), any(), any())).thenReturn(Optional.empty());

        assertThatThrownBy(() -> trainings.progress("m", 1, new ProgressReport(2, null, 1)))
                .isInstanceOf(ClaimLostException.class)
                .hasMessageContaining("training 1 of the model \"m\" is not claimed under lease 2");
        assertThatThrownBy(() -> trainings.prepare("m", 1, new FitReport(2, FITTED)))
                .isInstanceOf(ClaimLostException.class);
        assertThatThrownBy(() -> trainings.network("m", 1, 2)).isInstanceOf(ClaimLostException.class);
        assertThatThrownBy(() -> trainings.get("m", 1, 2)).isInstanceOf(ClaimLostException.class);
        assertThatThrownBy(() -> trainings.checkpoint("m", 1, 2)).isInstanceOf(ClaimLostException.class);
        assertThatThrownBy(() -> trainings.finish("m", 1, 2, result())).isInstanceOf(ClaimLostException.class);
        assertThatThrownBy(() -> trainings.fail("m", 1, new FailureReport(2, false, "no")))
                .isInstanceOf(ClaimLostException.class);
        assertThatThrownBy(() -> trainings.release("m", 1, new ReleaseReport(2)))
                .isInstanceOf(ClaimLostException.class);
        verify(store, never()).end(any(), any(), any(), any(), any());
    }

    @Test
    void claimMayBeLostBeforeTheResultIsPublished() {
        when(store.end(any(), any(), any(), any(), any())).thenReturn(false);

        assertThatThrownBy(() -> trainings.finish("m", 1, 2, result())).isInstanceOf(ClaimLostException.class);
    }

    @Test
    void missingTrainingIsNotFound() {
        when(store.find("m", 9)).thenReturn(Optional.empty());

        assertThatThrownBy(() -> trainings.progress("m", 9, new ProgressReport(2, null, 1)))
                .isInstanceOf(TrainingException.class)
                .hasMessage("the model \"m\" has no training 9");
    }

    @Test
    void preparationIsDecidedOnce() {
        when(externalStore.find(training)).thenReturn(Optional.of(queued));
        when(externalStore.prepare(any(), any())).thenReturn(true);
        assertThat(trainings.prepare("m", 1, new FitReport(2, FITTED))).isEqualTo(prepared.requirePreparation());
        verify(externalStore).prepare(LEASE, prepared);

        when(externalStore.find(training)).thenReturn(Optional.of(prepared));
        FittedTable other = new FittedTable(List.of(), FITTED.target(), null, 9, 0, List.of());
        assertThat(trainings.prepare("m", 1, new FitReport(2, other))).isEqualTo(prepared.requirePreparation());
        verify(externalStore).prepare(any(), any());
    }

    @Test
    void nothingFollowsWithoutAPreparation() {
        when(externalStore.find(training)).thenReturn(Optional.of(queued));

        assertThatThrownBy(() -> trainings.get("m", 1, 2))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the training is not prepared; send the fit of its table first");
        assertThatThrownBy(() -> trainings.network("m", 1, 2)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> trainings.finish("m", 1, 2, result())).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void progressRenewsTheClaim() {
        assertThat(trainings
                        .progress("m", 1, new ProgressReport(2, epoch(3), 11))
                        .cancel())
                .isNull();

        verify(externalStore).renew(eq(LEASE), progress.capture(), eq(TIMEOUT));
        assertThat(progress.getValue())
                .isEqualTo(new Training.Progress(3, 1.0 / 3, null, Map.of("r2", 0.5), Duration.ofSeconds(11)));
        verify(metrics).progressed(4, 2);
    }

    @Test
    void progressBeforeTheFirstEpochKeepsThatOfEarlierDrivers() {
        trainings.progress("m", 1, new ProgressReport(2, null, 8));

        verify(externalStore).renew(eq(LEASE), progress.capture(), eq(TIMEOUT));
        assertThat(progress.getValue()).isEqualTo(training.progress().withWorked(Duration.ofSeconds(8)));
    }

    @Test
    void rejectsImpossibleProgress() {
        assertThatThrownBy(() -> trainings.progress("m", 1, new ProgressReport(2, epoch(4), 1)))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("epoch must be at most 3, but was 4");
        verify(externalStore, never()).renew(any(), any(), any());
    }

    @Test
    void progressTellsOfACancellation() {
        renews(true, true);
        assertThat(trainings.progress("m", 1, new ProgressReport(2, null, 1)).cancel())
                .isEqualTo(Cancellation.KEEP);

        renews(true, false);
        assertThat(trainings.progress("m", 1, new ProgressReport(2, null, 1)).cancel())
                .isEqualTo(Cancellation.DISCARD);
    }

    @Test
    void checkpointIsReturnedAsItWasSent() {
        TrainingState state = new TrainingState(
                new TrainingState.Progress(2, 1, 0.5, 1, 0.5, new Plateau(1, 2, 3, 4)),
                parameters(1),
                parameters(2),
                parameters(3));
        CheckpointPacket packet = new CheckpointPacket(state, List.of(epoch(1), epoch(2)));
        ArgumentCaptor<Checkpoint> stored = ArgumentCaptor.forClass(Checkpoint.class);
        when(externalStore.checkpoint(any(), any())).thenReturn(true);

        trainings.checkpoint("m", 1, 2, packet);

        verify(externalStore).checkpoint(eq(LEASE), stored.capture());
        when(externalStore.checkpoint("id")).thenReturn(Optional.of(stored.getValue()));
        assertThat(trainings.checkpoint("m", 1, 2)).contains(packet);
    }

    @Test
    void publishesTheResult() {
        trainings.finish("m", 1, 2, result());

        assertThat(ended())
                .isEqualTo(new TrainingOutcome(
                        StopReason.EARLY_STOPPING, 2, null, Map.of("r2", 0.75), List.of(), 0L, List.of(), null));
        Model published = version.getValue().model();
        assertThat(published.epochs()).isEqualTo(2);
        assertThat(published.trainingWarnings()).containsExactly("fitted");
        assertThat(published.spec().architecture()).isEqualTo(prepared.architecture());
        assertThat(Objects.requireNonNull(published.ensemble()).temperature()).isEqualTo(1); // of a regression
        assertThat(published.ensemble().networks().get(0).parameterVector()).isEqualTo(parameters(0.25f));
    }

    @Test
    void discardsTheResultOfACancelledTraining() {
        renews(true, false);

        trainings.finish("m", 1, 2, result());

        assertThat(ended()).isEqualTo(TrainingOutcome.CANCELLED);
        assertThat(version.getValue()).isNull();
    }

    @Test
    void repeatedResultFindsTheEnd() {
        assertThat(trainings.findFinished("m", 1, 2)).isEmpty();

        Training over = training(Training.State.SUCCEEDED, TrainingOutcome.NONE);
        when(store.find("m", 1)).thenReturn(Optional.of(over));
        assertThat(trainings.findFinished("m", 1, 2)).isEmpty();

        when(externalStore.hasEnded(LEASE)).thenReturn(true);
        assertThat(trainings.findFinished("m", 1, 2)).contains(over);
    }

    @Test
    void failureEndsTheTraining() {
        trainings.fail("m", 1, new FailureReport(2, true, "it diverged"));

        assertThat(ended()).isEqualTo(TrainingOutcome.failed(StopReason.DIVERGED, "it diverged"));
    }

    @Test
    void cancelledTrainingOfASilentDriverEnds() {
        when(externalStore.claimCancelled(TIMEOUT))
                .thenReturn(Optional.of(claimed(new CancellationRequest(LEASE, true, false), false)))
                .thenReturn(Optional.empty());

        trainings.endAbandoned();

        assertThat(ended()).isEqualTo(TrainingOutcome.CANCELLED);
        assertThat(version.getValue()).isNull();
    }

    @Test
    void lastCheckpointOfASilentDriverCanBeKept() {
        TrainingState state = new TrainingState(
                new TrainingState.Progress(2, 1, 0.5, 1, 0.5, Plateau.START),
                parameters(1),
                parameters(2),
                parameters(3));
        when(externalStore.claimCancelled(TIMEOUT))
                .thenReturn(Optional.of(claimed(new CancellationRequest(LEASE, true, true), false)))
                .thenReturn(Optional.empty());
        when(externalStore.checkpoint("id"))
                .thenReturn(Optional.of(new Checkpoint(List.of(), state, History.of(List.of(epoch(1), epoch(2))))));

        trainings.endAbandoned();

        assertThat(ended().reason()).isEqualTo(StopReason.CANCELLED);
        assertThat(outcome.getValue().bestEpoch()).isEqualTo(1);
        assertThat(Objects.requireNonNull(version.getValue().model().ensemble())
                        .networks()
                        .get(0)
                        .parameterVector())
                .isEqualTo(parameters(3));
    }

    @Test
    void releaseLetsTheNextDriverClaim() {
        trainings.release("m", 1, new ReleaseReport(2));

        verify(externalStore).renew(eq(LEASE), isNull(), any());
        verify(externalStore).release(LEASE);
    }
}
