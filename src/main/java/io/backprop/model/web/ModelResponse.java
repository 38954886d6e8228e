package io.backprop.model.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Initializer;
import io.backprop.engine.Metric;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Regularization;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.TabularPreset;
import io.backprop.model.TabularPreset.Setting;
import io.backprop.model.Task;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.ScalingMethod;
import io.backprop.web.json.LearningRateFactorsForm;
import io.backprop.web.json.LossForm;
import io.backprop.web.json.OptimizerForm;
import io.backprop.web.json.ScheduleForm;
import io.backprop.web.json.TypeNameSerializer;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/** A model; what is unknown before the first training is null. */
@Schema(name = "Model")
record ModelResponse(
        String id,
        Model.State state,
        long version,
        @Nullable Task task,
        @Nullable Integer inputs,
        @Nullable Integer outputs,
        @JsonInclude(JsonInclude.Include.NON_NULL) CreateModelRequest.@Nullable Preset preset,

        List<LayerResponse> layers,
        @Nullable Long parameters,

        @JsonSerialize(using = TypeNameSerializer.class) @Nullable
        LossForm loss,

        @Nullable Float labelSmoothing,

        @Nullable Float learningRate,
        ScheduleForm learningRateSchedule,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LearningRateFactorsForm> learningRateFactors,

        OptimizerForm optimizer,

        @Nullable Initializer initializer,
        float frontScale,
        float l1,
        float l2,
        @Nullable Float globalClipNorm,
        int batchSize,
        boolean shuffle,
        boolean dropRemainder,
        @Nullable Metric keepBest,
        long seed,
        @Nullable List<String> classes,

        boolean standardize,

        ScalingMethod scaling,

        EnsembleForm ensemble,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer folds,

        boolean calibrate,
        double temperature,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ScalesResponse scales,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<FeatureResponse> features,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String target,

        long epochs,

        @Nullable Map<String, @Nullable Double> trainingMetrics,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        @Nullable String description,
        Map<String, String> tags,
        List<String> warnings,
        Instant createdAt,
        @Nullable Instant trainedAt) {

    static ModelResponse of(Model model) {
        ModelSpec described = model.spec();
        Architecture architecture = described.architecture();
        TabularPreset preset = described.preset();
        Optional<NetworkSpec> network = architecture.networkSpec();
        Preprocessing preprocessing = architecture.preprocessing();
        TrainingPlan plan = described.plan();
        Regularization regularization = plan.regularization();
        return new ModelResponse(
                model.id(),
                model.state(),
                model.version(),
                architecture.outputLayer().task(),
                architecture.inputs(),
                architecture.outputs(),
                preset == null ? null : CreateModelRequest.Preset.TABULAR,
                LayerResponse.of(described),
                network.map(spec -> model.ensemble() == null
                                ? described.countParameters()
                                : model.ensemble().parameterCount())
                        .orElse(null),
                architecture.loss().map(LossForm::of).orElse(null),
                described.isOpen(Setting.LABEL_SMOOTHING)
                        ? null
                        : architecture.outputLayer().labelSmoothing(),
                described.isOpen(Setting.LEARNING_RATE) ? null : plan.learningRate(),
                ScheduleForm.of(plan.schedule()),
                LearningRateFactorsForm.of(plan.learningRateFactors()),
                OptimizerForm.of(plan.optimizer()),
                described.initializer(),
                plan.frontScale(),
                regularization.l1(),
                regularization.l2(),
                regularization.clips() ? regularization.globalClipNorm() : null,
                plan.batchSize(),
                plan.shuffle(),
                plan.dropRemainder(),
                plan.keepBest() == null ? null : plan.keepBest().monitor(),
                plan.seed(),
                architecture.classes() == null ? null : architecture.classes().names(),
                preprocessing instanceof Preprocessing.Columns
                        ? described.standardizesTables()
                        : preprocessing instanceof Preprocessing.Standardized,
                described.scaling(),
                EnsembleForm.of(described.ensemble()),
                preset != null && described.leaves(Setting.ENSEMBLE) ? preset.folds() : null,
                described.calibrate(),
                model.ensemble() == null ? 1 : model.ensemble().temperature(),
                ScalesResponse.of(preprocessing),
                FeatureResponse.of(preprocessing),
                preprocessing instanceof Preprocessing.Columns columns ? columns.target() : null,
                model.epochs(),
                model.trainingMetrics(),
                model.validationMetrics(),
                model.description().text(),
                model.description().tags(),
                model.warnings(),
                model.createdAt(),
                model.trainedAt());
    }
}
