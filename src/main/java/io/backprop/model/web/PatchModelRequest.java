package io.backprop.model.web;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Metric;
import io.backprop.engine.Regularization;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Description;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.TabularPreset.Setting;
import io.backprop.web.json.LearningRateFactorsForm;
import io.backprop.web.json.OptimizerForm;
import io.backprop.web.json.ScheduleForm;
import io.backprop.web.json.TypeNameDeserializer;
import io.backprop.web.json.UnknownFields;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * A merge patch of a model: an absent field, which is null here, does not change, and one that is null, which is empty here,
 * is reset to its default.
 */
@SuppressWarnings("NullableOptional") // the third state is what a merge patch needs
@UnknownFields(
        value = "can't be changed; for another value create a model, with copyOf if it is to have these parameters",
        known = "Fields that can be changed")
record PatchModelRequest(
        @Nullable Optional<@Size(max = Description.MAX_TEXT) String> description,

        @Nullable
        Optional<
                        Map<
                                @NotBlank @Size(max = Description.MAX_TAG_NAME) String,
                                Optional<@Size(max = Description.MAX_TAG) String>>>
                tags,

        @JsonDeserialize(contentUsing = TypeNameDeserializer.class) @Nullable
        Optional<@Valid OptimizerForm> optimizer,

        @Nullable Optional<@PositiveOrZero Float> learningRate,

        @JsonDeserialize(contentUsing = TypeNameDeserializer.class) @Nullable
        Optional<@Valid ScheduleForm> learningRateSchedule,

        @Nullable Optional<List<@NotNull @Valid LearningRateFactorsForm>> learningRateFactors,

        @Nullable Optional<@PositiveOrZero Float> frontScale,
        @Nullable Optional<@PositiveOrZero Float> l1,
        @Nullable Optional<@PositiveOrZero Float> l2,
        @Nullable Optional<@Positive Float> globalClipNorm,
        @Nullable Optional<@Min(1) Integer> batchSize,
        @Nullable Optional<Boolean> shuffle,
        @Nullable Optional<Boolean> dropRemainder,
        @Nullable Optional<Metric> keepBest,
        @Nullable Optional<DropoutForm> dropout) {

    Model applyTo(Model model) {
        ModelSpec spec = model.spec();
        return model.withSettings(
                left(spec)
                        .withSettings(
                                hidden(spec), plan(spec.plan(), spec.form().plan())),
                description(model.description()));
    }

    /** A preset gets the settings back that are reset. */
    private ModelSpec left(ModelSpec spec) {
        ModelSpec left = left(spec, Setting.LEARNING_RATE, learningRate);
        left = left(left, Setting.LEARNING_RATE_FACTORS, learningRateFactors);
        return left(left, Setting.KEEP_BEST, keepBest);
    }

    private static ModelSpec left(ModelSpec spec, Setting setting, @Nullable Optional<?> patch) {
        return patch == null ? spec : spec.withLeft(setting, patch.isEmpty());
    }

    private List<LayerSpec> hidden(ModelSpec spec) {
        List<LayerSpec> hidden = spec.described().hidden();
        return dropout == null ? hidden : dropout.orElse(DropoutForm.of(0)).applyTo(hidden);
    }

    /** The changed settings of a training. */
    TrainingPlan plan(TrainingPlan plan, TrainingPlan defaults) {
        try {
            return changed(plan, defaults);
        } catch (InvalidArgumentException e) { // a rate of 0 without a warm-up
            throw new InvalidInputException("learningRate", e);
        }
    }

    private TrainingPlan changed(TrainingPlan plan, TrainingPlan defaults) {
        Regularization current = plan.regularization();
        return new TrainingPlan(
                plan.epochs(),
                patched(batchSize, plan.batchSize(), defaults.batchSize()),
                patched(shuffle, plan.shuffle(), defaults.shuffle()),
                patched(dropRemainder, plan.dropRemainder(), defaults.dropRemainder()),
                plan.shards(),
                patched(
                        translated("optimizer", optimizer, OptimizerForm::toOptimizer),
                        plan.optimizer(),
                        defaults.optimizer()),
                patched(learningRate, plan.learningRate(), defaults.learningRate()),
                patched(
                        translated("learningRateSchedule", learningRateSchedule, ScheduleForm::toSchedule),
                        plan.schedule(),
                        defaults.schedule()),
                patched(
                        translated("learningRateFactors", learningRateFactors, LearningRateFactorsForm::toFactors),
                        plan.learningRateFactors(),
                        defaults.learningRateFactors()),
                patched(frontScale, plan.frontScale(), defaults.frontScale()),
                new Regularization(
                        patched(l1, current.l1(), Regularization.NONE.l1()),
                        patched(l2, current.l2(), Regularization.NONE.l2()),
                        patched(globalClipNorm, current.globalClipNorm(), Regularization.NONE.globalClipNorm())),
                keepBest == null ? plan.keepBest() : keepBest.map(KeepBest::of).orElse(null),
                plan.seed());
    }

    private static <T> T patched(@Nullable Optional<T> patch, T current, T initial) {
        return patch == null ? current : patch.orElse(initial);
    }

    private static <F, T> @Nullable Optional<T> translated(
            String field, @Nullable Optional<F> form, Function<F, T> translation) {
        try {
            return form == null ? null : form.map(translation);
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException(field, e);
        }
    }

    private Description description(Description current) {
        String text = description == null ? current.text() : description.orElse(null);
        if (tags == null) {
            return new Description(text, current.tags());
        }
        Map<String, String> merged = new LinkedHashMap<>(tags.isEmpty() ? Map.of() : current.tags());
        tags.orElse(Map.of())
                .forEach((name, value) ->
                        value.ifPresentOrElse(tag -> merged.put(name, tag), () -> merged.remove(name)));
        return new Description(text, merged);
    }
}
