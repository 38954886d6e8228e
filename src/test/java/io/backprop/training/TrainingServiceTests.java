package io.backprop.training;

import static io.backprop.training.TestModels.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.isNull;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.TestProperties;
import io.backprop.engine.Matrix;
import io.backprop.engine.TrainingPlan;
import io.backprop.limits.MemoryBudget;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Targets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;

class TrainingServiceTests {

    private static final Predicate<Model> ANY = Objects::nonNull;
    private static final IdempotencyKey KEY = new IdempotencyKey("key", "digest");

    private final Model model = TestModels.untrained(null, Preprocessing.NONE);
    private final MatrixSource source = new MatrixSource(
            Matrix.wrap(1, 1, new float[] {1}), new Targets.Numbers(Matrix.wrap(1, 1, new float[] {1})), null);
    private final ModelService models = mock(ModelService.class);
    private final TrainingPreparation preparation = mock(TrainingPreparation.class);
    private final TrainingStore store = mock(TrainingStore.class);
    private final PreparedTraining prepared = new PreparedTraining(
            model,
            model.spec().architecture(),
            true,
            TestModels.settings(model.spec().plan(), 0),
            source.fit(model, command(), size -> {}).data(),
            List.of());
    private final TrainingService trainings = new TrainingService(
            models,
            preparation,
            mock(ExternalPreparation.class),
            mock(ExternalTrainings.class),
            store,
            mock(ExternalTrainingStore.class),
            mock(PartStore.class),
            new PartedTrainings(List.of()),
            mock(TrainingWorkers.class),
            mock(TrainingMonitor.class),
            TestProperties.bind(TrainingProperties.class, Map.of("backprop.training.keys", "3")),
            mock(MemoryBudget.class, RETURNS_DEEP_STUBS));

    @BeforeEach
    void prepare() {
        when(models.require("m", ANY)).thenReturn(model);
        when(preparation.prepare(any(), any(), any())).thenReturn(prepared);
        when(preparation.prepareAgain(any(), any(), any(), any())).thenReturn(prepared);
    }

    private static Training queued(int number, @Nullable IdempotencyKey key) {
        return new Training(
                "id" + number,
                "m",
                number,
                Training.Kind.TRAINING,
                Training.State.QUEUED,
                3,
                1,
                0,
                TestModels.settings(TrainingPlan.adam(0.1f), 0),
                1,
                Training.Progress.NONE,
                TrainingOutcome.NONE,
                Instant.EPOCH,
                null,
                null,
                List.of(),
                "",
                key);
    }

    @Test
    void queuesThePreparedTraining() {
        when(store.add(any(), any(), any(), isNull(), any())).thenReturn(Optional.of(queued(1, null)));

        assertThat(trainings.start("m", ANY, command(), source, null)).isEqualTo(queued(1, null));

        verify(store).add(eq(prepared), eq(""), isNull(), isNull(), any());
    }

    @Test
    void nameOfTheKeyOwnsTheTraining() {
        when(store.add(any(), eq("alice"), any(), isNull(), any())).thenReturn(Optional.of(queued(1, null)));
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("alice", null));
        try {
            assertThat(trainings.start("m", ANY, command(), source, KEY)).isEqualTo(queued(1, null));
        } finally {
            SecurityContextHolder.clearContext();
        }

        verify(store).findByKey("m", "alice", "key");
    }

    @Test
    void preparesAgainIfTheModelHasChanged() {
        when(store.add(any(), any(), any(), isNull(), any()))
                .thenReturn(Optional.empty())
                .thenReturn(Optional.of(queued(1, null)));

        assertThat(trainings.start("m", ANY, command(), source, null)).isEqualTo(queued(1, null));

        verify(preparation).prepareAgain(model, command(), source, prepared);
        verify(store, times(2)).add(any(), any(), any(), isNull(), any());
    }

    @Test
    void returnsTheTrainingThatWasStartedWithTheSameKey() {
        when(store.findByKey("m", "", "key")).thenReturn(Optional.of(queued(4, KEY)));

        assertThat(trainings.start("m", ANY, command(), source, KEY)).isEqualTo(queued(4, KEY));

        verify(store, never()).add(any(), any(), any(), isNull(), any());
    }

    @Test
    void returnsTheTrainingOfASimultaneousRequestWithTheSameKey() {
        when(models.require("m", ANY)).thenReturn(model.withTraining(true));
        when(store.findByKey("m", "", "key")).thenReturn(Optional.empty()).thenReturn(Optional.of(queued(4, KEY)));

        assertThat(trainings.start("m", ANY, command(), source, KEY)).isEqualTo(queued(4, KEY));
    }

    @Test
    void rejectsAKeyThatWasUsedWithAnotherBody() {
        when(store.findByKey("m", "", "key")).thenReturn(Optional.of(queued(4, new IdempotencyKey("key", "other"))));

        assertThatThrownBy(() -> trainings.start("m", ANY, command(), source, KEY))
                .isInstanceOf(TrainingException.class)
                .hasMessage("training 4 was started with this Idempotency-Key, but with another body");
    }

    @Test
    void rejectsAModelInTraining() {
        when(models.require("m", ANY)).thenReturn(model.withTraining(true));
        when(store.current("m")).thenReturn(Optional.of(3));

        assertThatThrownBy(() -> trainings.requireStartable("m", ANY, command(), null))
                .isInstanceOfSatisfying(
                        TrainingException.class, e -> assertThat(e.number()).isEqualTo(3));
    }

    @Test
    void mayStartWithAUsedKeyWhileTheModelIsInTraining() {
        when(models.require("m", ANY)).thenReturn(model.withTraining(true));
        when(store.findByKey("m", "", "key")).thenReturn(Optional.of(queued(3, KEY)));

        assertThatCode(() -> trainings.requireStartable("m", ANY, command(), "key"))
                .doesNotThrowAnyException();
    }

    @Test
    void limitsTheKeysOfAModel() {
        when(store.countRecentKeys("m")).thenReturn(2);
        trainings.requireStartable("m", ANY, command(), "key");

        when(store.countRecentKeys("m")).thenReturn(3);
        trainings.requireStartable("m", ANY, command(), null);
        assertThatThrownBy(() -> trainings.requireStartable("m", ANY, command(), "key"))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("has 3 trainings")
                .hasMessageContaining("backprop.training.keys");
    }
}
