package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.StopReason;
import io.backprop.training.History;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.LeasedTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.Training.State;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingStore;
import java.time.Duration;

/** What a store does with idempotency keys. */
final class IdempotencyKeys {

    private IdempotencyKeys() {}

    /** Ends the training that is under way, and begins another one of its model with a key. */
    static void assertLeadToOneTraining(TrainingStore store, LeasedTraining underWay) {
        PreparedTraining prepared = underWay.prepared();
        String model = prepared.model().id();
        TrainingOutcome failed = TrainingOutcome.without(State.FAILED, StopReason.ERROR, "for a test", Duration.ZERO);
        store.end(underWay.lease(), failed, new History());

        IdempotencyKey key = new IdempotencyKey("k", "digest");
        Training training = store.add(prepared, key, 10).orElseThrow();
        assertThat(training.key()).isEqualTo(key);
        assertThat(store.findByKey(model, "k")).contains(training);
        assertThat(store.findByKey(model, "other")).isEmpty();

        store.cancel(training.id(), false);
        assertThat(store.add(prepared, key, 10)).isEmpty();
        assertThat(store.add(prepared, null, 10)).isPresent();
    }
}
