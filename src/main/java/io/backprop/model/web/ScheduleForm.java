package io.backprop.model.web;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.engine.LearningRateSchedule;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/** A {@link LearningRateSchedule} on the wire, with Keras' names; steps are updates of the parameters. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "constant", value = ScheduleForm.ConstantForm.class),
    @JsonSubTypes.Type(name = "exponential_decay", value = ScheduleForm.ExponentialDecayForm.class),
    @JsonSubTypes.Type(name = "cosine_decay", value = ScheduleForm.CosineDecayForm.class),
    @JsonSubTypes.Type(name = "step_decay", value = ScheduleForm.StepDecayForm.class),
    @JsonSubTypes.Type(name = "inverse_time_decay", value = ScheduleForm.InverseTimeDecayForm.class)
})
@Schema(name = "LearningRateSchedule")
sealed interface ScheduleForm {

    LearningRateSchedule toSchedule();

    static ScheduleForm of(LearningRateSchedule schedule) {
        if (schedule instanceof LearningRateSchedule.ExponentialDecay decay) {
            return new ExponentialDecayForm(decay.decaySteps(), decay.decayRate(), decay.staircase());
        }
        if (schedule instanceof LearningRateSchedule.CosineDecay decay) {
            return new CosineDecayForm(decay.decaySteps(), decay.alpha(), decay.warmupTarget(), decay.warmupSteps());
        }
        if (schedule instanceof LearningRateSchedule.StepDecay decay) {
            return new StepDecayForm(decay.decaySteps(), decay.decayRate());
        }
        if (schedule instanceof LearningRateSchedule.InverseTimeDecay decay) {
            return new InverseTimeDecayForm(decay.decaySteps(), decay.decayRate(), decay.staircase());
        }
        return new ConstantForm();
    }

    /** The same rate all the time. */
    @Schema(name = "Constant")
    record ConstantForm() implements ScheduleForm {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.Constant();
        }
    }

    /** Multiplied by decayRate every decaySteps, smoothly or in a staircase. */
    @Schema(name = "ExponentialDecay")
    record ExponentialDecayForm(
            @NotNull @Min(1) Integer decaySteps,
            @NotNull @Positive Float decayRate,
            @Nullable Boolean staircase) implements ScheduleForm {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.ExponentialDecay(
                    decaySteps, decayRate, requireNonNullElse(staircase, false));
        }
    }

    /** Half a cosine down to alpha times the rate, after an optional warm-up. */
    @Schema(name = "CosineDecay")
    record CosineDecayForm(
            @NotNull @Min(1) Integer decaySteps,
            @Nullable @DecimalMin("0") @DecimalMax("1") Float alpha,
            @Nullable @Positive Float warmupTarget,
            @Nullable @Min(0) Integer warmupSteps)
            implements ScheduleForm {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.CosineDecay(
                    decaySteps, requireNonNullElse(alpha, 0f), warmupTarget, requireNonNullElse(warmupSteps, 0));
        }
    }

    /** Multiplied by decayRate at once after each decaySteps. */
    @Schema(name = "StepDecay")
    record StepDecayForm(
            @NotNull @Min(1) Integer decaySteps,
            @NotNull @Positive Float decayRate) implements ScheduleForm {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.StepDecay(decaySteps, decayRate);
        }
    }

    /** Divided by one plus decayRate times the number of decaySteps gone by. */
    @Schema(name = "InverseTimeDecay")
    record InverseTimeDecayForm(
            @NotNull @Min(1) Integer decaySteps,
            @NotNull @Positive Float decayRate,
            @Nullable Boolean staircase) implements ScheduleForm {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.InverseTimeDecay(
                    decaySteps, decayRate, requireNonNullElse(staircase, false));
        }
    }
}
