package io.backprop.web.json;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Metric;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/** The JSON form of a {@link LearningRateSchedule}, with the names of Keras. A step is one update of the parameters. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "constant", value = ScheduleForm.ConstantForm.class),
    @JsonSubTypes.Type(name = "exponential_decay", value = ScheduleForm.ExponentialDecayForm.class),
    @JsonSubTypes.Type(name = "cosine_decay", value = ScheduleForm.CosineDecayForm.class),
    @JsonSubTypes.Type(name = "step_decay", value = ScheduleForm.StepDecayForm.class),
    @JsonSubTypes.Type(name = "inverse_time_decay", value = ScheduleForm.InverseTimeDecayForm.class),
    @JsonSubTypes.Type(name = "coslog", value = ScheduleForm.CosLogForm.class),
    @JsonSubTypes.Type(name = "reduce_on_plateau", value = ScheduleForm.ReduceOnPlateauForm.class)
})
@Schema(name = "LearningRateSchedule")
public sealed interface ScheduleForm {

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
        if (schedule instanceof LearningRateSchedule.CosLog cosLog) {
            return new CosLogForm(cosLog.cycles());
        }
        if (schedule instanceof LearningRateSchedule.ReduceOnPlateau plateau) {
            return new ReduceOnPlateauForm(
                    plateau.factor(),
                    plateau.patience(),
                    plateau.minDelta(),
                    plateau.cooldown(),
                    plateau.minLearningRate(),
                    plateau.monitor());
        }
        return new ConstantForm();
    }

    /** A constant learning rate. */
    @Schema(name = "ConstantSchedule")
    record ConstantForm() implements ScheduleForm {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.Constant();
        }
    }

    /** Multiplies the rate by decayRate every decaySteps, continuously or in a staircase. */
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

    /** Half a cosine down to alpha times the rate, after an optional linear warm-up. */
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

    /** Multiplies the rate by decayRate after every decaySteps. */
    @Schema(name = "StepDecay")
    record StepDecayForm(
            @NotNull @Min(1) Integer decaySteps,
            @NotNull @Positive Float decayRate) implements ScheduleForm {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.StepDecay(decaySteps, decayRate);
        }
    }

    /** Divides the rate by 1 + decayRate · step / decaySteps. */
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

    /** Cosines over the logarithm of the share of the training that is done. */
    @Schema(name = "CosLog")
    record CosLogForm(@Nullable @Min(1) @Max(30) Integer cycles) implements ScheduleForm {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.CosLog(
                    requireNonNullElse(cycles, LearningRateSchedule.CosLog.DEFAULT_CYCLES));
        }
    }

    /** Multiplies the rate by factor after patience epochs without improvement. */
    @Schema(name = "ReduceOnPlateau")
    record ReduceOnPlateauForm(
            @Nullable @DecimalMin(value = "0", inclusive = false) @DecimalMax(value = "1", inclusive = false)
            Float factor,

            @Nullable @Min(1) Integer patience,
            @Nullable @PositiveOrZero Float minDelta,
            @Nullable @Min(0) Integer cooldown,
            @Nullable @PositiveOrZero Float minLearningRate,
            @Nullable Metric monitor)
            implements ScheduleForm {
        @Override
        public LearningRateSchedule toSchedule() {
            LearningRateSchedule.ReduceOnPlateau defaults = new LearningRateSchedule.ReduceOnPlateau();
            return new LearningRateSchedule.ReduceOnPlateau(
                    requireNonNullElse(monitor, defaults.monitor()),
                    requireNonNullElse(factor, defaults.factor()),
                    requireNonNullElse(patience, defaults.patience()),
                    requireNonNullElse(minDelta, defaults.minDelta()),
                    requireNonNullElse(cooldown, defaults.cooldown()),
                    requireNonNullElse(minLearningRate, defaults.minLearningRate()));
        }
    }
}
