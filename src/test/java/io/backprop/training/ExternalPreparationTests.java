package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.backprop.driver.Preparation;
import io.backprop.engine.Activation;
import io.backprop.engine.Examples;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.Network;
import io.backprop.engine.TargetKind;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.Vector;
import io.backprop.limits.LimitExceededException;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.model.ModelSpec;
import io.backprop.model.ModelSpec.Form;
import io.backprop.model.OutputSpec;
import io.backprop.model.TabularPreset;
import io.backprop.model.TabularPreset.Setting;
import io.backprop.model.Task;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.Feature;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.FittedTarget.ClassCount;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.NumberSummary;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.RowSplit;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.Targets;
import io.backprop.tabular.ValidationShare;
import io.backprop.training.TrainingCommand.Held;
import io.backprop.training.TrainingCommand.HeldRows;
import io.backprop.training.TrainingCommand.NoValidation;
import io.backprop.training.TrainingCommand.Share;
import io.backprop.training.TrainingCommand.Validation;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ExternalPreparationTests {

    private static final ExternalTable TABLE = new ExternalTable("clicks", "y", Map.of(), CellRules.DEFAULT);
    private static final RowSplit SPLIT = new RowSplit.ByContent(List.of(), 0.2, 5);
    private static final List<Feature> FEATURES = List.of(
            new Feature.Numeric("a", new ColumnScaling(1, 2), new NumberRange(0, 1, 5), false),
            new Feature.Numeric("b", new ColumnScaling(3, 4), new NumberRange(0, 3, 9), false));
    private static final FittedTarget CLASSES =
            new FittedTarget.Classes(List.of(new ClassCount("no", 900, 90), new ClassCount("yes", 100, 10)));

    private final RequestLimits limits = new Binder(
                    new MapConfigurationPropertySource(Map.of("backprop.limits.epochs", "300")))
            .bindOrCreate("backprop.limits", RequestLimits.class);
    private final ExternalPreparation preparation = new ExternalPreparation(mock(ModelService.class), limits);
    private final Model layers = model(Form.LAYERS, EnsembleSpec.SINGLE, null);
    private final Model preset = model(
            Form.PRESET,
            new TabularPreset(5, EnumSet.allOf(Setting.class)).ensemble(),
            new TabularPreset(5, EnumSet.allOf(Setting.class)));

    private static Model model(Form form, EnsembleSpec ensemble, @Nullable TabularPreset preset) {
        Architecture described = new Architecture(
                null,
                List.of(new LayerSpec(8, Activation.SELU)),
                null,
                new OutputSpec(null, null, null, 0, false),
                null,
                Preprocessing.NONE);
        ModelSpec spec = new ModelSpec(
                form,
                described,
                described,
                form.initializer(),
                null,
                form.scaling(),
                ensemble,
                false,
                form.plan().withEpochs(10).withSeed(5),
                preset);
        return new Model("m", spec, Description.NONE, 0, null, 0, 0, false, null, null, List.of(), Instant.EPOCH, null);
    }

    private static TrainingCommand command(@Nullable Validation validation) {
        return command(validation, null, null, ClassWeights.NONE);
    }

    private static TrainingCommand command(
            @Nullable Validation validation,
            @Nullable RowDivision division,
            @Nullable KeepBest keepBest,
            ClassWeights classWeights) {
        return new TrainingCommand(
                null, null, null, null, null, null, validation, division, keepBest, classWeights, null, false, 0, null);
    }

    private static FittedTable fitted(FittedTarget target, long validationRows) {
        return new FittedTable(FEATURES, target, SPLIT, 1_000, validationRows, List.of("fitted"));
    }

    private static FittedTarget numbers(int likelyClasses) {
        return new FittedTarget.Numbers(TargetUnit.NUMBER, new NumberSummary(1_000, 2.5, 1.25, 1, 4), likelyClasses);
    }

    private ExternalTraining prepared(Model model, TrainingCommand command, FittedTable table) {
        return preparation.prepared(model, preparation.queued(model, command, TABLE), table);
    }

    @Test
    void queuedTrainingHasTheOptionsOfTheRequest() {
        TrainingCommand command = new TrainingCommand(
                Task.REGRESSION,
                7,
                4_096,
                16,
                false,
                0.5f,
                new Share(0.1f),
                new RowDivision(RowDivision.Kind.GROUP, "farm"),
                null,
                ClassWeights.NONE,
                1.5,
                false,
                0,
                null);

        ExternalTraining queued = preparation.queued(layers, command, TABLE);

        TrainingPlan plan = queued.settings().plan();
        assertThat(plan.epochs()).isEqualTo(7);
        assertThat(plan.batchSize()).isEqualTo(4_096);
        assertThat(plan.shards()).isEqualTo(16);
        assertThat(plan.shuffle()).isFalse();
        assertThat(plan.learningRate()).isEqualTo(0.5f);
        assertThat(queued.settings().table()).isEqualTo("clicks");
        assertThat(queued.settings().timeLimit()).hasMillis(1_500);
        assertThat(queued.options().targetType()).isEqualTo(ColumnType.NUMERIC);
        assertThat(queued.options().scaling()).isEqualTo(ScalingMethod.STANDARD);
        assertThat(queued.options().validation()).isEqualTo(new ValidationShare(0.1f));
        assertThat(queued.options().division()).isEqualTo(command.division());
        assertThat(queued.options().seed()).isEqualTo(5);
        assertThat(queued.fresh()).isTrue();
        assertThat(queued.preparation()).isNull();
    }

    @Test
    void dividesTablesInto64ShardsByDefault() {
        assertThat(preparation
                        .queued(layers, command(null), TABLE)
                        .settings()
                        .plan()
                        .shards())
                .isEqualTo(64);
    }

    @Test
    void presetTrainsOneNetworkWithRowsForValidation() {
        ExternalTraining queued = preparation.queued(preset, command(null), TABLE);

        assertThat(queued.settings().ensemble()).isEqualTo(EnsembleSpec.SINGLE);
        assertThat(queued.options().validation()).isEqualTo(new ValidationShare(0.2f, 10_000));
        assertThat(preparation
                        .queued(preset, command(new NoValidation()), TABLE)
                        .options()
                        .validation())
                .isNull();
        assertThat(preparation
                        .queued(
                                preset,
                                command(null, new RowDivision(RowDivision.Kind.PART, "p"), null, ClassWeights.NONE),
                                TABLE)
                        .options()
                        .validation())
                .isNull();
    }

    @Test
    void presetChoosesByTheFit() {
        ExternalTraining prepared = prepared(preset, command(null), fitted(CLASSES, 100));

        TrainingPlan plan = prepared.settings().plan();
        assertThat(plan.learningRate()).isEqualTo(0.04f);
        assertThat(plan.keepBest()).isEqualTo(KeepBest.of(Metric.ACCURACY));
        assertThat(plan.learningRateFactors().layers()).hasSize(2);
        assertThat(prepared.architecture().outputLayer().labelSmoothing()).isEqualTo(0.1f);
        assertThat(prepared.requirePreparation().calibrate()).isTrue();
        assertThat(prepared.settings().task()).isEqualTo(Task.CLASSIFICATION);
        assertThat(prepared.settings().validationExamples()).isEqualTo(100);
    }

    @Test
    void presetKeepsTheLastEpochWithoutRowsForValidation() {
        ExternalTraining prepared = prepared(preset, command(null), fitted(CLASSES, 0));

        assertThat(prepared.settings().plan().keepBest()).isNull();
        assertThat(prepared.requirePreparation().calibrate()).isFalse();
    }

    @Test
    void requestOverridesThePreset() {
        TrainingCommand command = new TrainingCommand(
                null,
                null,
                null,
                null,
                null,
                0.5f,
                null,
                null,
                KeepBest.of(Metric.LOG_LOSS),
                ClassWeights.NONE,
                null,
                false,
                0,
                null);

        TrainingPlan plan =
                prepared(preset, command, fitted(CLASSES, 100)).settings().plan();

        assertThat(plan.learningRate()).isEqualTo(0.5f);
        assertThat(plan.keepBest()).isEqualTo(KeepBest.of(Metric.LOG_LOSS));
    }

    @Test
    void driversGetAllThatTheyNeed() {
        ExternalTraining prepared = prepared(layers, command(new Share(0.2f)), fitted(CLASSES, 100));

        Preparation sent = prepared.requirePreparation();

        assertThat(sent.plan()).isEqualTo(prepared.settings().plan());
        assertThat(sent.rows().classes()).containsExactly("no", "yes");
        assertThat(sent.rows().outputs()).isEqualTo(1);
        assertThat(sent.rows().classWeights()).isEmpty();
        assertThat(sent.rows().split()).isEqualTo(SPLIT);
        assertThat(sent.rows().columns().features()).isEqualTo(FEATURES);
        assertThat(sent.target()).isEqualTo(TargetKind.CLASSES);
        Network initial = prepared.start(layers).network(0);
        assertThat(sent.networkBytes()).isEqualTo(initial.toBytes().length);
        assertThat(initial.parameterVector())
                .isEqualTo(layers.spec().initialNetwork(prepared.network(), 0).parameterVector());
        assertThat(prepared.examples()).isEqualTo(1_000);
        assertThat(prepared.warnings()).contains("fitted");
    }

    @Test
    void weightsClassesAsDataThatWereSent() {
        ClassWeights balanced = new ClassWeights(null);
        Vector local = Objects.requireNonNull(ExampleWeights.of(
                prepared(layers, command(null), fitted(CLASSES, 0)).architecture(),
                Matrix.wrap(1_000, 1, oneOfTen()),
                IntStream.range(0, 1_000).toArray(),
                null,
                balanced));

        assertThat(prepared(layers, command(null, null, null, balanced), fitted(CLASSES, 0))
                        .requirePreparation()
                        .rows()
                        .classWeights())
                .containsExactly(local.get(1), local.get(0));
        assertThat(prepared(layers, command(null, null, null, new ClassWeights(Map.of("yes", 3f))), fitted(CLASSES, 0))
                        .requirePreparation()
                        .rows()
                        .classWeights())
                .containsExactly(1f, 3f);
    }

    private static float[] oneOfTen() {
        float[] targets = new float[1_000];
        for (int i = 0; i < targets.length; i += 10) {
            targets[i] = 1;
        }
        return targets;
    }

    @Test
    void scalesNumericTargets() {
        ExternalTraining prepared = prepared(layers, command(null), fitted(numbers(0), 0));

        Scaling scaling = prepared.architecture().preprocessing().targets();
        assertThat(scaling.columns()).containsExactly(new ColumnScaling(2.5, Math.sqrt(1.25)));
        assertThat(prepared.targetKind()).isEqualTo(TargetKind.NUMBERS);
        assertThat(prepared.warnings()).doesNotContain("set task=classification");
    }

    @Test
    void warnsOfNumbersThatProbablyAreClasses() {
        assertThat(prepared(layers, command(null), fitted(numbers(4), 0)).warnings())
                .anyMatch(warning -> warning.startsWith("column \"y\" has 4 different integers"));
    }

    @Test
    void warnsOfClassesWithoutRows() {
        FittedTarget target =
                new FittedTarget.Classes(List.of(new ClassCount("no", 900, 100), new ClassCount("yes", 100, 0)));

        assertThat(prepared(layers, command(new Share(0.1f)), fitted(target, 100))
                        .warnings())
                .contains("no row for validation is of class \"yes\"");
    }

    @Test
    void warnsOfStepsThatAreTooSmallForACluster() {
        assertThat(prepared(layers, command(null), fitted(CLASSES, 0)).warnings())
                .contains(
                        "a step of 32 rows takes less time to compute than to send to a cluster; 1000 rows are trained"
                                + " faster without a cluster");

        FittedTable large = new FittedTable(FEATURES, CLASSES, SPLIT, 1L << 40, 0, List.of());
        assertThat(prepared(layers, command(null), large).warnings())
                .contains("a step of 32 rows takes less time to compute than to send to a cluster; a batchSize of"
                        + " 134217728 or more pays");

        TrainingCommand largeSteps = new TrainingCommand(
                null, null, 1 << 27, null, null, null, null, null, null, ClassWeights.NONE, null, false, 0, null);
        assertThat(prepared(layers, largeSteps, large).warnings()).noneMatch(warning -> warning.contains("cluster"));
    }

    @Test
    void continuesWithWhatTheModelHasLearned() {
        ExternalTraining first = prepared(layers, command(null), fitted(numbers(0), 0));
        Model trained = TestModels.trained(
                layers,
                new ExampleSource.Fitted(
                        first.architecture(),
                        RowUse.expected(layers, command(null)),
                        TrainingData.of(Examples.of(Matrix.wrap(1, 1, new float[1]), Matrix.wrap(1, 1, new float[1]))),
                        List.of()));

        ExternalTraining queued = preparation.queued(trained, command(null), TABLE);

        Columns learned = (Columns) first.architecture().preprocessing();
        assertThat(queued.fresh()).isFalse();
        assertThat(queued.options().learned()).isEqualTo(learned);
        assertThat(queued.options().scaling()).isNull();
        FittedTarget other = new FittedTarget.Numbers(TargetUnit.NUMBER, new NumberSummary(9, 7, 8, 0, 9), 0);
        ExternalTraining prepared = preparation.prepared(trained, queued, fitted(other, 0));
        assertThat(prepared.architecture().preprocessing()).isEqualTo(learned);
        FittedTable refitted = new FittedTable(FEATURES.subList(0, 1), other, SPLIT, 1_000, 0, List.of());
        assertThatThrownBy(() -> preparation.prepared(trained, queued, refitted))
                .hasMessage("the fit must have the features that the model has learned before");
        assertThat(prepared.settings().plan().seed())
                .isNotEqualTo(first.settings().plan().seed());
        assertThat(prepared.start(trained).network(0).parameterVector())
                .isEqualTo(Objects.requireNonNull(trained.ensemble())
                        .networks()
                        .get(0)
                        .parameterVector());
    }

    private void assertRejected(Model model, TrainingCommand command, String field, String message) {
        assertThatThrownBy(() -> preparation.queued(model, command, TABLE))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo(field))
                .hasMessageContaining(message);
    }

    @Test
    void rejectsWhatDriversCannotDo() {
        assertRejected(
                model(Form.GIVEN_WIDTHS, EnsembleSpec.SINGLE, null),
                command(null),
                "table",
                "table is not for the network of the article");
        assertRejected(
                model(Form.LAYERS, new EnsembleSpec(3, EnsembleSpec.By.SEED), null),
                command(null),
                "table",
                "the model averages 3");
        Matrix one = Matrix.wrap(1, 1, new float[1]);
        assertRejected(
                layers, command(new Held(one, new Targets.Numbers(one))), "validationInputs", "set validationSplit");
        assertRejected(layers, command(new HeldRows(1, rows -> {})), "validationRows", "set validationSplit");
        assertRejected(
                layers,
                new TrainingCommand(
                        null, null, null, null, null, null, null, null, null, ClassWeights.NONE, null, false, 3, null),
                "folds",
                "folds are not for a table");
    }

    @Test
    void rejectsOptionsThatNeedRowsForValidation() {
        assertRejected(
                layers,
                command(null, null, KeepBest.of(Metric.VALIDATION_LOSS), ClassWeights.NONE),
                "keepBest",
                "needs rows for validation");
        assertRejected(
                layers,
                command(null, new RowDivision(RowDivision.Kind.GROUP, "g"), null, ClassWeights.NONE),
                "groupColumn",
                "needs validationSplit");
    }

    @Test
    void rejectsMoreEpochsThanTheLimit() {
        TrainingCommand command = new TrainingCommand(
                null, 301, null, null, null, null, null, null, null, ClassWeights.NONE, null, false, 0, null);

        assertThatThrownBy(() -> preparation.queued(layers, command, TABLE)).isInstanceOf(LimitExceededException.class);
    }

    @Test
    void rejectsTablesThatTheModelCannotLearn() {
        ClassWeights balanced = new ClassWeights(null);
        assertThatThrownBy(() -> prepared(layers, command(null, null, null, balanced), fitted(numbers(0), 0)))
                .hasMessage("classWeights are for a classification");
        assertThatThrownBy(() -> prepared(
                        layers, command(null, null, null, new ClassWeights(Map.of("maybe", 2f))), fitted(CLASSES, 0)))
                .hasMessageContaining("classWeights name \"maybe\"");
        assertThatThrownBy(() -> prepared(
                        layers,
                        command(new Share(0.1f), null, KeepBest.of(Metric.R2), ClassWeights.NONE),
                        fitted(CLASSES, 10)))
                .hasMessageContaining("keepBest must be one of loss, validation_loss, accuracy");
        assertThatThrownBy(() -> prepared(layers, command(new Share(0.1f)), fitted(CLASSES, 0)))
                .hasMessageStartingWith("validationSplit leaves no row for validation");
        assertThatThrownBy(() -> prepared(
                        preset,
                        command(null, null, KeepBest.of(Metric.ACCURACY), ClassWeights.NONE),
                        fitted(CLASSES, 0)))
                .hasMessage("keepBest monitors accuracy, but no row of the table is for validation");
        FittedTable empty = new FittedTable(FEATURES, CLASSES, SPLIT, 0, 0, List.of());
        assertThatThrownBy(() -> prepared(layers, command(null), empty))
                .hasMessage("the table must have a row for training, but has none");
        FittedTarget one = new FittedTarget.Classes(List.of(new ClassCount("no", 1_000, 0)));
        assertThatThrownBy(() -> prepared(layers, command(null), fitted(one, 0)))
                .hasMessage("target must have at least 2 classes, but all rows are \"no\"");
        assertThatThrownBy(() -> prepared(layers, command(new Share(0.1f)), fitted(CLASSES, 1_000_001)))
                .hasMessage("at most 1000000 rows may be for validation, which one machine holds, but 1000001 are");
    }
}
