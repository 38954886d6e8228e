package io.backprop.training;

import static io.backprop.training.TestModels.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import io.backprop.engine.Matrix;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.LimitExceededException;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.ModelService;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Targets;
import io.backprop.tabular.TextTable;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TrainingPreparationTests {

    private final RequestLimits limits = new Binder(
                    new MapConfigurationPropertySource(Map.of("backprop.limits.epochs", "10")))
            .bindOrCreate("backprop.limits", RequestLimits.class);
    private final MemoryBudget memory = mock(MemoryBudget.class, RETURNS_DEEP_STUBS);
    private final ComputeBudget compute = mock(ComputeBudget.class);
    private final TrainingPreparation preparation =
            new TrainingPreparation(mock(ModelService.class), limits, memory, compute);
    private final Model model = TestModels.untrained(null, Preprocessing.NONE);
    private final MatrixSource source = new MatrixSource(
            Matrix.wrap(4, 2, new float[] {0, 0, 0, 1, 1, 0, 1, 1}),
            new Targets.Numbers(Matrix.wrap(4, 1, new float[] {0, 1, 1, 0})),
            null);

    private static TrainingCommand epochs(int epochs) {
        return new TrainingCommand(
                null, epochs, 2, null, null, 0.5f, null, null, null, ClassWeights.NONE, 1.5, false, 0, null);
    }

    @Test
    void overridesTheDefaultsOfTheModel() {
        PreparedTraining prepared = preparation.prepare(model, epochs(7), source);

        assertThat(prepared.plan().epochs()).isEqualTo(7);
        assertThat(prepared.plan().batchSize()).isEqualTo(2);
        assertThat(prepared.plan().learningRate()).isEqualTo(0.5f);
        assertThat(prepared.plan().shuffle()).isEqualTo(model.spec().plan().shuffle());
        assertThat(prepared.settings().timeLimit()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(prepared.fresh()).isTrue();
    }

    @Test
    void continuesFromTheCurrentParameters() {
        Model trained = TestModels.trained(model, source.fit(model, command(), size -> {}));

        PreparedTraining prepared = preparation.prepare(trained, command(), source);

        assertThat(prepared.start().network(0).parameters())
                .isEqualTo(Objects.requireNonNull(trained.ensemble())
                        .networks()
                        .get(0)
                        .parameters());
        assertThat(prepared.start().epochsBefore()).isEqualTo(7);
        assertThat(prepared.plan().seed()).isNotEqualTo(model.spec().plan().seed());
    }

    @Test
    void takesMemoryForTheExamples() {
        preparation.prepare(model, command(), source);

        verify(memory).acquire(4 * (2 + 1) * Float.BYTES);
    }

    @Test
    void rejectsCrossValidationThatNeedsTooMuchMemory() {
        TrainingPreparation small =
                new TrainingPreparation(mock(ModelService.class), limits, new MemoryBudget(100, 100), compute);
        TrainingCommand folds = new TrainingCommand(
                null, 1, null, null, null, null, null, null, null, ClassWeights.NONE, null, false, 2, null);

        assertThatThrownBy(() -> small.prepare(model, folds, source))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageStartingWith("a training may need at most")
                .extracting(e -> ((LimitExceededException) e).field())
                .isEqualTo("folds");
    }

    @Test
    void rejectsMoreEpochsThanTheLimit() {
        assertThatThrownBy(() -> preparation.requireFitting(model, epochs(11)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("epochs must be at most 10, but was 11");
    }

    @Test
    void computesManyExamplesWithAPermit() {
        int rows = 40_000;
        preparation.prepare(
                model,
                command(),
                new MatrixSource(
                        Matrix.wrap(rows, 2, new float[2 * rows]),
                        new Targets.Numbers(Matrix.wrap(rows, 1, new float[rows])),
                        null));

        InOrder order = inOrder(compute);
        order.verify(compute).acquire();
        order.verify(compute).release();
    }

    @Test
    void computesFewExamplesAtOnce() {
        preparation.prepare(model, command(), source);

        verify(compute, never()).acquire();
    }

    @Test
    void rejectsMoreFoldsThanRows() {
        TrainingCommand folds = new TrainingCommand(
                null, 1, null, null, null, null, null, null, null, ClassWeights.NONE, null, false, 5, null);
        assertThatThrownBy(() -> preparation.prepare(model, folds, source))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("folds must be at most as many as rows, 4, but were 5");
    }

    @Test
    void usesTheExamplesAgainIfOnlyTheParametersHaveChanged() {
        TableSource table = new TableSource(TextTable.csv("x,y", "1,2", "2,3"), "y", Map.of());
        PreparedTraining before = preparation.prepare(model, command(), table);

        PreparedTraining again = preparation.prepareAgain(model, command(), table, before);

        assertThat(again.data()).isSameAs(before.data());
    }

    @Test
    void rejectsATableIfTheModelHasLearnedOtherThingsMeanwhile() {
        TableSource table = new TableSource(TextTable.csv("x,y", "1,2", "2,3"), "y", Map.of());
        PreparedTraining before = preparation.prepare(model, command(), table);
        Model changed = TestModels.trained(model, source.fit(model, command(), size -> {}));

        assertThatThrownBy(() -> preparation.prepareAgain(changed, command(), table, before))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("was changed while the table was read");
    }
}
