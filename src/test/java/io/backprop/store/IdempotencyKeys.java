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

/** Assertions on idempotency keys in a store. */
final class IdempotencyKeys {

    private IdempotencyKeys() {}

    /** Ends the given training, and starts another one of its model with a key. */
    static void assertIdentifyOneTraining(TrainingStore store, LeasedTraining running) {
        PreparedTraining prepared = running.prepared();
        String model = prepared.model().id();
        TrainingOutcome failed = TrainingOutcome.withoutResult(
                State.FAILED, StopReason.ERROR, "for a test", new History(), Duration.ZERO);
        store.end(running.lease(), failed);

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
