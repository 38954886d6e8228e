package io.backprop.store.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Activation;
import io.backprop.engine.Initializer;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Loss;
import io.backprop.engine.Metric;
import io.backprop.engine.Optimizer;
import io.backprop.engine.Regularization;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.TabularPreset;
import io.backprop.model.Task;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.TargetUnit;
import io.backprop.training.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden documents freeze the names of components and values. */
class ModelDocumentTests {

    private static final Instant TIME = Instant.parse("2026-11-24T12:00:00.123456Z");

    static Map<String, Model> models() {
        Map<String, Model> models = new LinkedHashMap<>();
        models.put("plain", model(plain(), 0, null));
        models.put("full", model(full(), 12, Map.of("accuracy", 0.975)));
        models.put("standardized", model(with(standardized(), ScalingMethod.STANDARD), 3, null));
        models.put("table", model(with(table(), ScalingMethod.STANDARD), 3, Map.of("r2", 0.5)));
        models.put("preset", model(preset(), 1280, Map.of("accuracy", 0.975)));
        models.put("robust", model(with(robust(), ScalingMethod.ROBUST), 3, null));
        return models;
    }

    private static ModelSpec plain() {
        return new ModelSpec(
                ModelSpec.Form.RANDOM_WIDTHS,
                new Architecture(
                        null, List.of(), null, new OutputSpec(null, null, null, 0, false), null, Preprocessing.NONE),
                null,
                null,
                TrainingPlan.classic(0.06f).withSeed(Long.MIN_VALUE));
    }

    private static ModelSpec full() {
        ModelSpec single = new ModelSpec(
                ModelSpec.Form.LAYERS,
                new Architecture(
                        4,
                        List.of(new LayerSpec(64, Activation.LEAKY_RELU, 0.2f), new LayerSpec(3, Activation.TANH)),
                        3,
                        new OutputSpec(
                                Task.CLASSIFICATION,
                                Activation.SOFTMAX,
                                new Loss.CategoricalCrossentropy(),
                                0.1f,
                                false),
                        new ClassEncoding(List.of("setosa", "\"versi\"", "virginicä")),
                        Preprocessing.NONE),
                Initializer.HE_NORMAL,
                false,
                TrainingPlan.adam(0.001f)
                        .withSchedule(new LearningRateSchedule.CosineDecay(100, 0.1f, 0.3f, 7))
                        .withFrontScale(6)
                        .withRegularization(new Regularization(1e-5f, 2e-5f, 1.5f))
                        .withSeed(42));
        return single.withEnsemble(new EnsembleSpec(5, EnsembleSpec.By.FOLD), true);
    }

    private static ModelSpec preset() {
        ModelSpec.Form form = ModelSpec.Form.PRESET;
        Architecture described = new Architecture(
                2,
                List.of(new LayerSpec(3, form.activation())),
                null,
                new OutputSpec(null, null, null, 0, false),
                null,
                Preprocessing.Standardized.UNKNOWN);
        TabularPreset preset = new TabularPreset(3, EnumSet.allOf(TabularPreset.Setting.class));
        ModelSpec open = new ModelSpec(
                form,
                described,
                described,
                form.initializer(),
                null,
                form.scaling(),
                preset.ensemble(),
                false,
                form.plan().withSeed(7),
                preset);
        return open.withArchitecture(new Architecture(
                2,
                described.hidden(),
                null,
                described.outputLayer(),
                new ClassEncoding(List.of("no", "yes")),
                Preprocessing.Standardized.UNKNOWN));
    }

    private static ModelSpec with(Preprocessing preprocessing, ScalingMethod scaling) {
        ModelSpec plain = plain();
        Preprocessing described = preprocessing instanceof Preprocessing.Standardized
                ? Preprocessing.Standardized.UNKNOWN
                : Preprocessing.NONE;
        return new ModelSpec(
                plain.form(),
                plain.described().withPreprocessing(described),
                plain.architecture().withPreprocessing(preprocessing),
                plain.initializer(),
                null,
                scaling,
                plain.ensemble(),
                false,
                plain.plan(),
                null);
    }

    private static Preprocessing standardized() {
        return new Preprocessing.Standardized(
                new Scaling(List.of(new ColumnScaling(1 / 3.0, 1e-9), new ColumnScaling(-1e30, 1))),
                new Scaling(List.of()));
    }

    private static Preprocessing robust() {
        ColumnScaling scale = new ColumnScaling(68.5, 10.25, true);
        ColumnScaling of01 = new ColumnScaling(0, 0.5, true);
        return new Preprocessing.Columns(
                List.of(
                        new Feature.Numeric("weight", 70, 12, new NumberRange(1, 68.5f, 140), false, scale, of01),
                        new Feature.Categorical(
                                "smoker", List.of("no", "yes"), false, List.of(new ColumnScaling(-1, 1, true))),
                        new Feature.Categorical("region", List.of("n", "w", "s"), false, List.of(of01, of01, of01))),
                "progression",
                TargetUnit.NUMBER,
                Scaling.NONE,
                CellFormat.DEFAULT);
    }

    private static Preprocessing table() {
        return table(TargetUnit.NUMBER);
    }

    private static Preprocessing table(TargetUnit unit) {
        return new Preprocessing.Columns(
                List.of(
                        new Feature.Numeric("age", new ColumnScaling(45.5, 12.25), new NumberRange(1, 2, 4), false),
                        new Feature.Numeric("born", new ColumnScaling(0, 1), new NumberRange(1, 2, 4), true),
                        new Feature.Categorical("sex", List.of("MALE", "\"FEMALE\""), true)),
                "progression",
                unit,
                new Scaling(List.of(new ColumnScaling(152.13, 77))),
                new CellFormat(List.of("-", "?"), true, "dd.MM.yyyy"));
    }

    @SuppressWarnings("NullAway") // class files lack the annotations within types of a compact constructor's parameters
    private static Model model(ModelSpec spec, long epochs, @Nullable Map<String, @Nullable Double> metrics) {
        return new Model(
                "m",
                spec,
                metrics == null ? Description.NONE : new Description("ä \"text\"", Map.of("team", "a")),
                2,
                spec.calibrate()
                        ? spec.initialEnsemble(spec.architecture().networkSpec().orElseThrow())
                                .withTemperature(1.25)
                        : null,
                1,
                epochs,
                false,
                metrics,
                metrics,
                metrics == null ? List.of() : List.of("column \"a\" is left out"),
                TIME,
                metrics == null ? null : TIME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "full", "standardized", "table", "robust", "preset"})
    void readsGoldenDocument(String name) throws Exception {
        Model model = model(name);

        ModelDocument described = Documents.readModel(golden("model-" + name));
        VersionDocument read = Documents.readVersion(golden("version-" + name));
        assertThat(described.toSpec(read.architecture(), read.networks())).isEqualTo(model.spec());
        assertThat(described.description()).isEqualTo(model.description());
        assertThat(read.epochs()).isEqualTo(model.epochs());
        assertThat(read.trainingMetrics()).isEqualTo(model.trainingMetrics());
        assertThat(read.validationMetrics()).isEqualTo(model.validationMetrics());
        assertThat(read.warnings()).isEqualTo(model.trainingWarnings());
        assertThat(read.trainedAt()).isEqualTo(model.trainedAt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "full", "standardized", "table", "robust", "preset"})
    void writesGoldenDocument(String name) throws Exception {
        assertThat(Documents.write(ModelDocument.of(model(name)))).isEqualTo(golden("model-" + name));
        assertThat(Documents.write(VersionDocument.of(model(name)))).isEqualTo(golden("version-" + name));
    }

    private static String golden(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/golden/" + name + ".json"))
                .strip();
    }

    private static Model model(String name) {
        return Objects.requireNonNull(models().get(name));
    }

    static List<ModelSpec> everyValue() {
        return List.of(
                with(new Optimizer.Sgd(0.9f, true), new LearningRateSchedule.Constant()),
                with(new Optimizer.RmsProp(0.8f, 1e-6f), new LearningRateSchedule.ExponentialDecay(3, 0.1f, true)),
                with(new Optimizer.Adam(0.8f, 0.99f, 1e-6f), new LearningRateSchedule.StepDecay(9, 0.7f)),
                with(new Optimizer.AdamW(), new LearningRateSchedule.InverseTimeDecay(9, 0.7f, false)),
                with(new Optimizer.AdamW(), new LearningRateSchedule.CosineDecay(9, 0, null, 0)),
                with(new Optimizer.AdamW(), new LearningRateSchedule.CosLog(5)),
                with(
                        new Optimizer.AdamW(),
                        new LearningRateSchedule.ReduceOnPlateau(Metric.MCC, 0.5f, 3, 0.25f, 2, 0.125f)));
    }

    private static ModelSpec with(Optimizer optimizer, LearningRateSchedule schedule) {
        return new ModelSpec(
                ModelSpec.Form.GIVEN_WIDTHS,
                plain().architecture(),
                null,
                true,
                TrainingPlan.classic(1 / 3f).withOptimizer(optimizer).withSchedule(schedule));
    }

    @ParameterizedTest
    @MethodSource("everyValue")
    void restoresEveryOptimizerAndSchedule(ModelSpec spec) {
        String written = Documents.write(ModelDocument.of(model(spec, 0, null)));

        assertThat(Documents.readModel(written).plan()).isEqualTo(spec.plan());
    }

    @Test
    void restoresDateTarget() {
        ModelSpec spec = with(table(TargetUnit.DATE), ScalingMethod.STANDARD);

        String written = Documents.write(VersionDocument.of(model(spec, 1, null)));

        assertThat(Documents.readVersion(written).architecture()).isEqualTo(spec.architecture());
    }

    @Test
    void restoresMetricWithoutValue() {
        Map<String, @Nullable Double> metrics = Collections.singletonMap("r2", null);

        String written = Documents.write(VersionDocument.of(model(plain(), 1, metrics)));

        assertThat(Documents.readVersion(written).trainingMetrics()).isEqualTo(metrics);
    }

    @Test
    void freezesNamesOfValues() throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("plans", everyValue().stream().map(ModelSpec::plan).toArray(TrainingPlan[]::new));
        values.put("activation", Activation.values());
        values.put("loss", Loss.all().toArray(Loss[]::new));
        values.put("initializer", Initializer.values());
        values.put("task", Task.values());
        values.put("monitor", Metric.values());
        values.put("ties", KeepBest.Ties.values());
        values.put("setting", TabularPreset.Setting.values());
        values.put("state", Training.State.values());
        values.put("reason", StopReason.values());

        assertThat(Documents.write(values)).isEqualTo(golden("model-values"));
    }

    @Test
    void rejectsOtherVersion() {
        assertThatThrownBy(() -> Documents.readModel("{\"format\": 2}"))
                .isInstanceOf(NewerFormatException.class)
                .hasMessage("the document has format version 2, but this version of the service knows only version 1");
        assertThatThrownBy(() -> Documents.readModel("{\"format\": 0}"))
                .isExactlyInstanceOf(CorruptDataException.class)
                .hasMessage("the document must have format version 1, but has version 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"format\":1|\"format\":2", "\"form\"|\"kind\"", "\"seed\":|\"seeds\":"})
    void rejectsOtherDocuments(String part, String other) {
        String written = Documents.write(ModelDocument.of(model(plain(), 0, null)));

        assertThatThrownBy(() -> Documents.readModel(written.replace(part, other)))
                .isInstanceOf(RuntimeException.class);
    }
}
