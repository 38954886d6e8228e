package io.backprop.prediction;

import io.backprop.driver.ClaimLostException;
import io.backprop.limits.DriverProperties;
import io.backprop.limits.LongPoll;
import io.backprop.model.InvalidInputException;
import io.backprop.model.ModelService;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.TableScorer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Predictions for tables that drivers on a cluster read and write. This service queues them, and drivers claim them; a driver
 * that shows no sign of life for some time loses its claim to the next one.
 */
@Service
public class ScoringService {

    private final ModelService models;
    private final ScoringStore store;
    private final ScoringMonitor monitor;
    private final PredictionMetrics metrics;
    private final DriverProperties properties;
    private final LongPoll<ClaimedScoring> claims;

    ScoringService(
            ModelService models,
            ScoringStore store,
            ScoringMonitor monitor,
            PredictionMetrics metrics,
            DriverProperties properties) {
        this.models = models;
        this.store = store;
        this.monitor = monitor;
        this.metrics = metrics;
        this.properties = properties;
        this.claims = new LongPoll<>(() -> store.claim(properties.claimTimeout()), properties.waits());
    }

    /**
     * Queues the scoring of a table.
     *
     * @param version of the model; null for the current one
     * @param command by the format of the cells that the model was trained with
     */
    public Scoring start(String model, @Nullable Long version, Function<CellFormat, ScoringCommand> command) {
        Predictor predictor = new Predictor(models.get(model, version));
        requireTable(predictor, "table");
        Scoring added = store.add(predictor.model(), command.apply(predictor.cellFormat()), properties.scorings());
        claims.poll();
        return added;
    }

    private static void requireTable(Predictor predictor, String field) {
        InvalidInputException.require(
                field,
                predictor.architecture().preprocessing() instanceof Columns,
                "the model learned from rows of numbers, not from a table; predict with inputs");
    }

    /** All that is needed to predict for tables as a version of a model does. */
    public TableScorer scorer(String model, long version) {
        Predictor predictor = new Predictor(models.get(model, version));
        requireTable(predictor, "version");
        return predictor.tableScorer();
    }

    /** Waits for the end of a scoring, but no longer than this, and not at all if too many requests wait. */
    public CompletableFuture<Scoring> await(Scoring scoring, Duration timeout) {
        return monitor.await(scoring, timeout);
    }

    public Scoring get(String model, int number) {
        models.requireExists(model);
        return store.find(List.of(new ScoringStore.Key(model, number))).stream()
                .findFirst()
                .orElseThrow(() -> ScoringException.notFound(model, number));
    }

    /** The last scorings of a model, newest first. */
    public List<Scoring> list(String model) {
        models.requireExists(model);
        return store.list(model);
    }

    /**
     * Cancels a scoring and waits for its end as {@link #await} does. Does nothing if it is over.
     *
     * @return the scoring at that time
     */
    public CompletableFuture<Scoring> cancel(String model, int number, Duration timeout) {
        if (!get(model, number).isOver()) {
            store.cancel(new ScoringStore.Key(model, number));
            monitor.update();
        }
        return monitor.await(get(model, number), timeout);
    }

    /** Claims a scoring for a driver, which waits for one no longer than about this time. */
    public CompletableFuture<Optional<ClaimedScoring>> claim(Duration timeout) {
        return claims.take(timeout);
    }

    @Scheduled(fixedDelay = LongPoll.INTERVAL)
    void poll() {
        claims.poll();
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        claims.stop();
    }

    /**
     * Renews the claim of a driver.
     *
     * @param rows scored so far
     * @return whether the scoring is to be cancelled
     * @throws ClaimLostException if the lease is lost, as all reports of a driver do
     */
    public boolean renew(ScoringLease lease, long rows) {
        return store.renew(lease, rows, properties.claimTimeout()).orElseThrow(lease::lost);
    }

    /** Ends a scoring whose output is complete. */
    public Scoring succeed(ScoringLease lease, long rows, int files, List<String> warnings) {
        boolean repeated = store.find(List.of(new ScoringStore.Key(lease.model(), lease.number()))).stream()
                .anyMatch(Scoring::isOver);
        Scoring ended = end(lease, store.succeed(lease, rows, files, warnings));
        if (!repeated) {
            metrics.scored(rows);
        }
        return ended;
    }

    /** Ends a scoring as failed. */
    public Scoring fail(ScoringLease lease, String error) {
        return end(lease, store.fail(lease, error));
    }

    /** Gives a scoring to the next driver, or ends it if it is to be cancelled. */
    public void release(ScoringLease lease) {
        end(lease, store.release(lease));
        claims.poll();
    }

    private Scoring end(ScoringLease lease, boolean held) {
        if (!held) {
            throw lease.lost();
        }
        monitor.update();
        return get(lease.model(), lease.number());
    }
}
