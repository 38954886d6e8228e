package io.backprop.training;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.driver.CheckpointPacket;
import io.backprop.driver.ClaimLostException;
import io.backprop.driver.FailureReport;
import io.backprop.driver.FitReport;
import io.backprop.driver.Preparation;
import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ProgressAnswer.Cancellation;
import io.backprop.driver.ProgressReport;
import io.backprop.driver.ReleaseReport;
import io.backprop.driver.ResultPacket;
import io.backprop.driver.TrainingClaim;
import io.backprop.driver.TrainingResultReport;
import io.backprop.engine.Ensemble;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Metric;
import io.backprop.engine.Network;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingState;
import io.backprop.engine.Vector;
import io.backprop.limits.BusyException;
import io.backprop.limits.DriverProperties;
import io.backprop.limits.LongPoll;
import io.backprop.limits.MemoryBudget;
import io.backprop.model.InvalidInputException;
import io.backprop.model.ModelNotFoundException;
import io.backprop.model.ModelService;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.training.TrainingStore.CancellationRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Trainings that drivers work on, outside of this service. A driver claims one, keeps its claim by reporting progress, and
 * sends the result. Everything is in the store, so that each request may come to another process. A driver that is silent
 * for too long loses its claim to the next one, and cannot write anything afterwards.
 *
 * <p>Methods with a lease throw {@link ClaimLostException} if it is not the valid one.
 */
@Service
public class ExternalTrainings {

    private static final Logger log = LoggerFactory.getLogger(ExternalTrainings.class);

    private static final TrainingOutcome EXHAUSTED = TrainingOutcome.failed(
            StopReason.ERROR,
            "in each of several attempts, the driver has stopped before the next checkpoint of this training; its log"
                    + " may say why");

    private static final int NETWORKS_OF_CHECKPOINT = 4; // parameters, state of the optimizer, best parameters

    private final ModelService models;
    private final TrainingStore trainings;
    private final ExternalTrainingStore store;
    private final ExternalPreparation preparation;
    private final TrainingPublisher publisher;
    private final TrainingMetrics metrics;
    private final ApplicationEventPublisher events;
    private final MemoryBudget memory;
    private final Duration claimTimeout;
    private final LongPoll<ClaimedTraining> claims;

    ExternalTrainings(
            ModelService models,
            TrainingStore trainings,
            ExternalTrainingStore store,
            ExternalPreparation preparation,
            TrainingPublisher publisher,
            TrainingMetrics metrics,
            ApplicationEventPublisher events,
            MemoryBudget memory,
            DriverProperties properties) {
        this.models = models;
        this.trainings = trainings;
        this.store = store;
        this.preparation = preparation;
        this.publisher = publisher;
        this.metrics = metrics;
        this.events = events;
        this.memory = memory;
        this.claimTimeout = properties.claimTimeout();
        this.claims = new LongPoll<>(this::claimNext, properties.waits());
    }

    /**
     * Claims the next training for a driver, for which it waits no longer than about this time.
     *
     * @param driver name of the driver, for the log
     * @return empty if there is none by then
     */
    public CompletableFuture<Optional<TrainingClaim>> claim(String driver, Duration wait) {
        return claims.take(wait).thenApply(claimed -> claimed.map(training -> claimOf(driver, training)));
    }

    private Optional<ClaimedTraining> claimNext() {
        Optional<ClaimedTraining> claimed = store.claim(claimTimeout);
        while (claimed.isPresent() && claimed.get().exhausted()) {
            end(claimed.get(), EXHAUSTED);
            claimed = store.claim(claimTimeout);
        }
        return claimed;
    }

    private TrainingClaim claimOf(String driver, ClaimedTraining claimed) {
        Training training = claimed.training();
        ExternalTraining external = claimed.external();
        training.log(log.atInfo(), (claimed.first() ? "started by driver " : "resumed by driver ") + driver);
        metrics.claimed(training, claimed.first());
        Duration worked = training.progress().worked();
        return new TrainingClaim(
                training.model(),
                training.number(),
                claimed.lease().token(),
                String.valueOf(external.settings().table()),
                external.options(),
                external.settings().plan().shards(),
                seconds(worked),
                Math.max(0, seconds(external.settings().timeLimit().minus(worked))),
                external.preparation(),
                claimed.checkpoint());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** A training under a valid claim, which this renews. */
    private record Held(
            Training training, TrainingLease lease, ExternalTraining external, CancellationRequest request) {

        ExternalTraining prepared() {
            InvalidInputException.require(
                    "", external.fit() != null, "the training is not prepared; send the fit of its table first");
            return external;
        }
    }

    private Held require(String modelId, int number, long token) {
        return require(find(modelId, number), token, null);
    }

    private Training find(String modelId, int number) {
        models.requireExists(modelId);
        return trainings.find(modelId, number).orElseThrow(() -> TrainingException.notFound(modelId, number));
    }

    private Held require(Training training, long token, Training.@Nullable Progress progress) {
        TrainingLease lease = new TrainingLease(training.id(), token);
        Optional<CancellationRequest> renewed = store.renew(lease, progress, claimTimeout);
        if (renewed.isEmpty()) {
            throw lost(training, lease);
        }
        ExternalTraining external = store.find(training).orElseThrow(() -> lost(training, lease));
        return new Held(training, lease, external, renewed.get());
    }

    private static ClaimLostException lost(Training training, TrainingLease lease) {
        return new ClaimLostException(
                "training %d of the model \"%s\"".formatted(training.number(), training.model()), lease.token());
    }

    /** The prepared training of a valid claim, to read what its driver sends. */
    public ExternalTraining get(String modelId, int number, long lease) {
        return require(modelId, number, lease).prepared();
    }

    /**
     * Decides what follows from the fit of the table, unless that was decided before.
     *
     * @throws InvalidInputException or another exception of its kind, if the model cannot learn from the table. The driver then
     *     ends the training with this message
     */
    public Preparation prepare(String modelId, int number, FitReport report) {
        Held held = require(modelId, number, report.lease());
        Preparation before = held.external.preparation();
        if (before != null) { // the answer was lost
            return before;
        }
        ExternalTraining prepared = preparation.prepared(models.get(modelId), held.external, report.fit());
        if (!store.prepare(held.lease, prepared)) {
            throw lost(held.training, held.lease);
        }
        return prepared.requirePreparation();
    }

    /** The network that a prepared training starts with. */
    public Network network(String modelId, int number, long lease) {
        ExternalTraining external = require(modelId, number, lease).prepared();
        memory.acquire(Network.byteCount(external.network()));
        return external.start(models.get(modelId)).network(0);
    }

    /** Records progress, which renews the claim. */
    public ProgressAnswer progress(String modelId, int number, ProgressReport report) {
        Training training = find(modelId, number);
        Training.Progress before = training.progress();
        Duration worked = worked(report.seconds());
        EpochReport epoch = report.epoch();
        Training.Progress progress = epoch == null
                ? before.withWorked(worked)
                : Training.Progress.of(History.of(List.of(epoch)), worked).plus(epoch.epoch() - 1, Duration.ZERO);
        requireArgument(
                epoch == null || epoch.epoch() <= training.epochs(),
                "epoch must be at most %d, but was %d",
                training.epochs(),
                progress.epochs());
        Held held = require(training, report.lease(), progress);
        metrics.progressed(training.examples(), progress.epochs() - before.epochs());
        return new ProgressAnswer(cancellation(held.request));
    }

    private static Duration worked(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    private static @Nullable Cancellation cancellation(CancellationRequest request) {
        if (!request.cancelled()) {
            return null;
        }
        return request.keep() ? Cancellation.KEEP : Cancellation.DISCARD;
    }

    /** Replaces the checkpoint. */
    public void checkpoint(String modelId, int number, long lease, CheckpointPacket packet) {
        Held held = require(modelId, number, lease);
        held.prepared();
        Checkpoint checkpoint = new Checkpoint(List.of(), packet.state(), History.of(packet.history()));
        if (!store.checkpoint(held.lease, checkpoint)) {
            throw lost(held.training, held.lease);
        }
    }

    /** The checkpoint to resume from; empty if there is none that can be read, so that the training has to start again. */
    public Optional<CheckpointPacket> checkpoint(String modelId, int number, long lease) {
        Held held = require(modelId, number, lease);
        int epochs = held.external.settings().plan().epochs();
        memory.acquire(bytesOfCheckpoint(held.prepared()));
        return store.checkpoint(held.training.id())
                .map(checkpoint -> new CheckpointPacket(
                        checkpoint.state(), checkpoint.history().reports(epochs)));
    }

    /** The training if it has ended under this lease, so that its driver, which has lost the answer, may send the result again. */
    public Optional<Training> findFinished(String modelId, int number, long lease) {
        return Optional.of(find(modelId, number))
                .filter(training -> training.isOver() && store.hasEnded(new TrainingLease(training.id(), lease)));
    }

    /**
     * Ends a training and publishes its result, unless it is to be discarded.
     *
     * @return the training at its end
     */
    public Training finish(String modelId, int number, long lease, ResultPacket result) {
        Held held = require(modelId, number, lease);
        TrainingResultReport report = result.report();
        History history = History.of(result.history());
        Duration worked = worked(report.seconds());
        if (held.request.cancelled() && !held.request.keep()) {
            end(held, TrainingOutcome.CANCELLED, history, worked);
        } else {
            publish(held, result.parameters(), report, history, worked);
        }
        return find(modelId, number);
    }

    private void publish(Held held, Vector parameters, TrainingResultReport report, History history, Duration worked) {
        ExternalTraining external = held.prepared();
        double temperature = external.requirePreparation().calibrate() ? report.temperature() : 1;
        Ensemble ensemble =
                Ensemble.of(Network.of(external.network(), parameters)).withTemperature(temperature);
        TrainingPublisher.Reached reached = new TrainingPublisher.Reached(
                ensemble,
                history.loss().size(),
                report.reason(),
                report.bestEpoch(),
                null,
                numbers(report.validationScores()),
                List.of(),
                report.error());
        publish(held.training, held.lease, external, reached, history, worked);
    }

    private void publish(
            Training training,
            TrainingLease lease,
            ExternalTraining external,
            TrainingPublisher.Reached reached,
            History history,
            Duration worked) {
        try {
            TrainingStart start = external.start(models.get(training.model()));
            if (!publisher.publish(training, lease, start, UnaryOperator.identity(), reached, history, worked)) {
                throw lost(training, lease);
            }
        } catch (ModelNotFoundException e) {
            throw lost(training, lease);
        }
        ended(training);
    }

    private static @Nullable Map<String, @Nullable Double> numbers(List<Metric.Score> scores) {
        if (scores.isEmpty()) {
            return null;
        }
        Map<String, @Nullable Double> numbers = new LinkedHashMap<>();
        scores.forEach(score -> numbers.put(score.metric().id(), score.value()));
        return numbers;
    }

    /** Ends a training as failed. */
    public Training fail(String modelId, int number, FailureReport report) {
        Held held = require(modelId, number, report.lease());
        StopReason reason = report.diverged() ? StopReason.DIVERGED : StopReason.ERROR;
        end(held, TrainingOutcome.failed(reason, report.message()));
        return find(modelId, number);
    }

    /** Gives up a claim. If the training is to be cancelled, it ends at once. */
    public void release(String modelId, int number, ReleaseReport report) {
        Held held = require(modelId, number, report.lease());
        store.release(held.lease);
        endCancelled();
        claims.poll();
    }

    private void end(Held held, TrainingOutcome outcome) {
        end(
                held,
                outcome,
                trainings.history(held.training.id()),
                held.training.progress().worked());
    }

    private void end(Held held, TrainingOutcome outcome, History history, Duration worked) {
        if (!publisher.end(held.training, held.lease, outcome, history, worked)) {
            throw lost(held.training, held.lease);
        }
        ended(held.training);
    }

    private void end(ClaimedTraining claimed, TrainingOutcome outcome) {
        Training training = claimed.training();
        History history = trainings.history(training.id());
        if (publisher.end(
                training, claimed.lease(), outcome, history, training.progress().worked())) {
            ended(training);
        }
    }

    private void ended(Training training) {
        publisher.refresh(training.model());
        events.publishEvent(new TrainingStoppedEvent(training.id()));
    }

    /** Serves drivers that wait. */
    @Scheduled(fixedDelay = LongPoll.INTERVAL)
    void poll() {
        claims.poll();
    }

    @Scheduled(fixedDelay = 1_000)
    void endAbandoned() {
        MemoryBudget.Reservation reservation = memory.begin(); // for models and checkpoints
        try (reservation) {
            endCancelled();
        }
    }

    /**
     * Ends trainings that are to be cancelled and whose drivers are silent. What was reached by the last checkpoint is published
     * if it is to be kept.
     */
    void endCancelled() {
        try {
            Optional<ClaimedTraining> claimed = store.claimCancelled(claimTimeout);
            while (claimed.isPresent()) {
                endCancelled(claimed.get());
                claimed = store.claimCancelled(claimTimeout);
            }
        } catch (StorageFullException | StorageUnavailableException | BusyException | ClaimLostException e) { // later
            log.debug("Cancelled trainings of drivers are not ended: {}", e.getMessage());
        }
    }

    private void endCancelled(ClaimedTraining claimed) {
        CancellationRequest request = claimed.cancellation();
        boolean keeps = request != null && request.keep();
        Optional<Checkpoint> checkpoint = keeps && claimed.checkpoint() ? checkpoint(claimed) : Optional.empty();
        if (checkpoint.isEmpty()) {
            end(claimed, TrainingOutcome.CANCELLED);
            return;
        }
        History history = checkpoint.get().history();
        TrainingState state = checkpoint.get().state();
        boolean hasBest = state.bestParameters().size() > 0;
        Vector parameters = hasBest ? state.bestParameters() : state.parameters();
        int epochs = history.loss().size();
        TrainingPublisher.Reached reached = new TrainingPublisher.Reached(
                Ensemble.of(Network.of(claimed.external().network(), parameters)),
                epochs,
                StopReason.CANCELLED,
                hasBest ? state.progress().bestEpoch() : epochs,
                null,
                null,
                List.of(),
                null);
        Training training = claimed.training();
        publish(
                training,
                claimed.lease(),
                claimed.external(),
                reached,
                history,
                training.progress().worked());
    }

    private Optional<Checkpoint> checkpoint(ClaimedTraining claimed) {
        memory.acquire(bytesOfCheckpoint(claimed.external()));
        return store.checkpoint(claimed.training().id());
    }

    private static long bytesOfCheckpoint(ExternalTraining prepared) {
        return Network.byteCount(prepared.network()) * NETWORKS_OF_CHECKPOINT;
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        claims.stop();
    }
}
