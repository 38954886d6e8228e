package io.backprop.prediction;

import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Stores scorings, and which driver works on which. A change is durable when the method returns. As long as a scoring is queued
 * or running, the version of its model is kept.
 *
 * <p>A claim expires unless it is renewed. Until another driver has claimed the scoring, it can still be renewed afterwards.
 *
 * <p>Any method may throw {@link StorageUnavailableException}, those that write also {@link StorageFullException}.
 */
public interface ScoringStore {

    /** A scoring is claimed this often; then it fails, since it may have ended each of the drivers. */
    int MAX_ATTEMPTS = 5;

    /**
     * Queues a scoring.
     *
     * @param model with the version to predict with
     * @param limit number of scorings of the model that may be queued or running
     * @throws ScoringException if there are as many, or another one writes the same output
     * @throws ModelException if the version has been deleted meanwhile
     */
    Scoring add(Model model, ScoringCommand command, int limit);

    /** The last scorings of a model, newest first. */
    List<Scoring> list(String model);

    /** Those of the given scorings that exist. */
    List<Scoring> find(Collection<Key> keys);

    /** Identifies a scoring. */
    record Key(String model, int number) {
        static Key of(Scoring scoring) {
            return new Key(scoring.model(), scoring.number());
        }
    }

    /** Ends a scoring if no driver works on it, and otherwise requests its cancellation; has no effect if it is over. */
    void cancel(Key key);

    /**
     * Claims the first scoring that is queued, or whose claim has expired.
     *
     * @param timeout time until the claim expires
     */
    Optional<ClaimedScoring> claim(Duration timeout);

    /**
     * Renews a claim.
     *
     * @param rows scored so far
     * @return whether the scoring is to be cancelled; empty if the lease is lost
     */
    Optional<Boolean> renew(ScoringLease lease, long rows, Duration timeout);

    /** Ends a scoring whose output is complete; repeating it has no effect. Returns false if the lease is lost. */
    boolean succeed(ScoringLease lease, long rows, int files, List<String> warnings);

    /** Ends a scoring as failed, or as cancelled if that was requested; returns false if the lease is lost. */
    boolean fail(ScoringLease lease, String error);

    /** Queues a scoring again, or ends it if its cancellation was requested; returns false if the lease is lost. */
    boolean release(ScoringLease lease);
}
