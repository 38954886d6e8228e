package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LearningRateSchedule.Plateau;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.Split;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingState;
import io.backprop.engine.TrainingState.Progress;
import io.backprop.engine.Vector;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.RowSplit;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.ValidationShare;
import io.backprop.training.Checkpoint;
import io.backprop.training.ClassWeights;
import io.backprop.training.ExternalTraining;
import io.backprop.training.History;
import io.backprop.training.PreparedTraining;
import io.backprop.training.TrainedNetwork;
import io.backprop.training.TrainingSettings;
import io.backprop.training.TrainingStore.QueueLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Trainings for tests of the store. */
public final class StoredTrainings {

    static final QueueLimits QUEUE = new QueueLimits(10, 1_000_000_000);

    private StoredTrainings() {}

    public static PreparedTraining of(Model model) {
        return of(model, data());
    }

    static PreparedTraining of(Model model, TrainingData data) {
        TrainingPlan plan = TrainingPlan.adam(1 / 3f)
                .withEpochs(77)
                .withKeepBest(KeepBest.stoppingEarly(3, 0.1f, Metric.MACRO_F1))
                .withSeed(-5);
        return new PreparedTraining(
                model, model.spec().architecture(), model.ensemble() == null, settings(plan, 0), data, List.of());
    }

    /** Returns settings with this plan. */
    public static TrainingSettings settings(TrainingPlan plan, int folds) {
        return settings(null, plan, folds);
    }

    private static TrainingSettings settings(@Nullable String table, TrainingPlan plan, int folds) {
        return new TrainingSettings(
                Task.CLASSIFICATION,
                table,
                "species",
                Map.of("island", ColumnType.CATEGORICAL),
                new CellRules(new CellFormat(List.of("-"), true, "dd.MM.yyyy"), InvalidCells.MISSING),
                plan,
                EnsembleSpec.SINGLE,
                0.25f,
                2,
                new RowDivision(RowDivision.Kind.GROUP, "farm"),
                new ClassWeights(Map.of("few", 3f)),
                Duration.ofNanos(1_234_567_000),
                false,
                folds,
                null);
    }

    /** Returns a training of a table that drivers read, which is not prepared. */
    public static ExternalTraining external(Model model) {
        TrainingSettings settings =
                settings("clicks", TrainingPlan.adam(0.1f).withEpochs(77).withShards(4), 0);
        FitOptions options = new FitOptions(
                "species",
                ColumnType.CATEGORICAL,
                Map.of("island", ColumnType.CATEGORICAL),
                Objects.requireNonNull(settings.cells()),
                null,
                ScalingMethod.ROBUST,
                null,
                List.of("few", "many"),
                new ValidationShare(0.25f, 1_000),
                9);
        return new ExternalTraining(
                model.spec(),
                model.spec().architecture(),
                model.ensemble() == null,
                settings,
                options,
                null,
                0,
                List.of("queued"));
    }

    /** Returns a training of a table that drivers read, after the fit. */
    public static ExternalTraining prepared(ExternalTraining queued) {
        RowSplit split =
                new RowSplit.ByContent(List.of(new RowSplit.HashedColumn("island", RowSplit.Content.TEXT)), 0.25, 9);
        return new ExternalTraining(
                queued.spec(),
                queued.architecture(),
                queued.fresh(),
                queued.settings(),
                queued.options(),
                new ExternalTraining.Fit(List.of(3f, 1f), split),
                5_000_000_000L,
                List.of("queued", "fitted"));
    }

    /** Returns a cross-validation. */
    static PreparedTraining crossValidation(Model model, int folds, List<String> warnings) {
        PreparedTraining one = of(model);
        return new PreparedTraining(model, one.architecture(), true, settings(one.plan(), folds), one.data(), warnings);
    }

    /** Returns weighted training examples in folds, some of them held out, and validation examples. */
    public static TrainingData data() {
        Examples training = Examples.of(matrix(5, 3), matrix(5, 2)).withWeights(Vector.of(0, 1, 0.5f, 3, 1e-7f));
        return new TrainingData(
                        training,
                        Examples.of(matrix(2, 3), matrix(2, 2)),
                        Folds.of(2, new int[] {0, 1, 1, 0, 1})
                                .withMonitored(List.of(
                                        BitSet.valueOf(new long[] {0b10}), BitSet.valueOf(new long[] {0b1000}))))
                .withHeldOut(Split.of(5, row -> row % 3 == 1));
    }

    private static Matrix matrix(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i - 2) / 7f;
        }
        values[0] = Float.MIN_VALUE;
        return Matrix.wrap(rows, columns, values);
    }

    public static Checkpoint checkpoint(int epochs, int parameters) {
        return checkpoint(parameters, history(epochs));
    }

    public static Checkpoint checkpoint(int parameters, History history) {
        int epochs = history.loss().size();
        TrainingState state = new TrainingState(
                new Progress(epochs, 4, 1 / 3d, 2, -0d, new Plateau(1 / 7d, 5, 6, 1e-3)),
                floats(parameters),
                floats(2 * parameters),
                floats(3));
        return new Checkpoint(List.of(), state, history);
    }

    /** A checkpoint in the second network of an ensemble by fold, after three epochs of the first. */
    public static Checkpoint checkpointOfEnsemble(int epochs, int parameters) {
        Checkpoint current = checkpoint(epochs - 3, parameters);
        TrainedNetwork completed =
                new TrainedNetwork(floats(parameters), 3, Matrix.of(new float[] {1, 2}, new float[] {3, 4.5f}));
        return new Checkpoint(List.of(completed), current.state(), history(epochs));
    }

    private static Vector floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i / 3f;
        }
        return Vector.wrap(values);
    }

    /** Returns a history with validation losses and scores if the number of epochs is odd. */
    public static History history(int epochs) {
        List<@Nullable Double> losses = new ArrayList<>();
        List<@Nullable Double> scores = new ArrayList<>();
        for (int i = 0; i < epochs; i++) {
            losses.add(1 / (i + 3d));
            scores.add(i == 0 ? null : 1 - 1 / (i + 7d));
        }
        return epochs % 2 == 0
                ? new History(losses, null, null)
                : new History(losses, losses, Map.of(epochs % 3 == 0 ? "r2" : "accuracy", scores));
    }

    public static void assertSame(TrainingData read, TrainingData expected) {
        assertSame(read.training(), expected.training());
        assertSame(read.validation(), expected.validation());
        assertThat(foldsOf(read)).isEqualTo(foldsOf(expected));
        assertThat(heldOutOf(read)).isEqualTo(heldOutOf(expected));
    }

    private static int @Nullable [] heldOutOf(TrainingData data) {
        return data.heldOut() == null ? null : data.heldOut().validation();
    }

    private static @Nullable List<Integer> foldsOf(TrainingData data) {
        Folds folds = data.folds();
        return folds == null
                ? null
                : Stream.concat(
                                IntStream.range(0, folds.rows()).mapToObj(folds::foldOf),
                                IntStream.range(0, folds.count())
                                        .mapToObj(folds::monitored)
                                        .flatMap(rows -> rows.stream().boxed()))
                        .toList();
    }

    private static void assertSame(@Nullable Examples read, @Nullable Examples expected) {
        if (read == null || expected == null) {
            assertThat(read).isEqualTo(expected);
            return;
        }
        assertThat(read.inputs()).isEqualTo(expected.inputs());
        assertThat(read.targets()).isEqualTo(expected.targets());
        assertThat(read.weights()).isEqualTo(expected.weights());
    }

    public static void assertSame(@Nullable Checkpoint read, Checkpoint expected) {
        Checkpoint found = Objects.requireNonNull(read);
        assertThat(found.completed()).isEqualTo(expected.completed());
        assertThat(found.state()).isEqualTo(expected.state());
        assertThat(found.history()).isEqualTo(expected.history());
    }
}
