package io.backprop.store;

import io.backprop.training.History;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingOutcome;
import org.jspecify.annotations.Nullable;

/** A training that is over, written down before a transaction begins. */
final class EndedTraining {

    final TrainingLease lease;
    final TrainingOutcome end;
    final @Nullable String metrics;
    final @Nullable String foldMetrics;
    final byte[] losses;
    final byte[] history;
    final @Nullable Long version;

    EndedTraining(TrainingLease lease, TrainingOutcome end, History history, @Nullable Long version) {
        this.lease = lease;
        this.end = end;
        this.metrics = end.metrics() == null ? null : Documents.write(end.metrics());
        this.foldMetrics = end.crossValidation() == null
                ? null
                : Documents.write(end.crossValidation().results());
        this.losses = HistoryFormat.write(history.thinned());
        this.history = HistoryFormat.write(history);
        this.version = version;
    }
}
