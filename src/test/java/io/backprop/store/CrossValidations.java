package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.StopReason;
import io.backprop.model.Model;
import io.backprop.training.CrossValidation;
import io.backprop.training.LeasedTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.Training.State;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingStore;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Assertions on stored cross-validations. */
final class CrossValidations {

    private CrossValidations() {}

    static void assertRestored(TrainingStore store, Model model) {
        PreparedTraining one = StoredTrainings.of(model);
        PreparedTraining prepared = new PreparedTraining(
                one.model(),
                one.architecture(),
                null,
                0,
                one.plan(),
                one.data(),
                one.timeLimit(),
                2,
                List.of("a", "b"));
        Training training = store.add(prepared, null, 10).orElseThrow();
        assertThat(training.crossValidation()).isEqualTo(new CrossValidation(2, List.of()));
        assertThat(training.warnings()).containsExactly("a", "b");
        assertThat(training.epochs()).isEqualTo(2 * one.plan().epochs());
        LeasedTraining leased = store.lease(training.id()).orElseThrow();
        assertThat(leased.prepared().folds()).isEqualTo(2);

        CrossValidation validation = new CrossValidation(
                2,
                List.of(
                        new CrossValidation.Fold(3, 7, 0.25, Map.of("r2", 0.5)),
                        new CrossValidation.Fold(2, 8, 1e-300, Collections.singletonMap("r2", null))));
        store.end(
                leased.lease(),
                new TrainingOutcome(
                        State.SUCCEEDED,
                        StopReason.EPOCHS,
                        null,
                        null,
                        validation,
                        null,
                        StoredTrainings.history(15),
                        Duration.ofMillis(40)));

        assertThat(store.find(training.id()).orElseThrow().crossValidation()).isEqualTo(validation);
    }
}
