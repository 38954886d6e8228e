package io.backprop.store;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.engine.LearningRateSchedule;
import org.jspecify.annotations.Nullable;

/** A learning rate schedule as it is stored. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "constant", value = ScheduleDocument.Constant.class),
    @JsonSubTypes.Type(name = "exponential_decay", value = ScheduleDocument.ExponentialDecay.class),
    @JsonSubTypes.Type(name = "cosine_decay", value = ScheduleDocument.CosineDecay.class),
    @JsonSubTypes.Type(name = "step_decay", value = ScheduleDocument.StepDecay.class),
    @JsonSubTypes.Type(name = "inverse_time_decay", value = ScheduleDocument.InverseTimeDecay.class)
})
sealed interface ScheduleDocument {

    LearningRateSchedule toSchedule();

    static ScheduleDocument of(LearningRateSchedule schedule) {
        if (schedule instanceof LearningRateSchedule.ExponentialDecay decay) {
            return new ExponentialDecay(decay.decaySteps(), decay.decayRate(), decay.staircase());
        }
        if (schedule instanceof LearningRateSchedule.CosineDecay decay) {
            return new CosineDecay(decay.decaySteps(), decay.alpha(), decay.warmupTarget(), decay.warmupSteps());
        }
        if (schedule instanceof LearningRateSchedule.StepDecay decay) {
            return new StepDecay(decay.decaySteps(), decay.decayRate());
        }
        if (schedule instanceof LearningRateSchedule.InverseTimeDecay decay) {
            return new InverseTimeDecay(decay.decaySteps(), decay.decayRate(), decay.staircase());
        }
        return new Constant();
    }

    record Constant() implements ScheduleDocument {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.Constant();
        }
    }

    record ExponentialDecay(int decaySteps, float decayRate, boolean staircase) implements ScheduleDocument {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.ExponentialDecay(decaySteps, decayRate, staircase);
        }
    }

    record CosineDecay(
            int decaySteps, float alpha, @Nullable Float warmupTarget, int warmupSteps) implements ScheduleDocument {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.CosineDecay(decaySteps, alpha, warmupTarget, warmupSteps);
        }
    }

    record StepDecay(int decaySteps, float decayRate) implements ScheduleDocument {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.StepDecay(decaySteps, decayRate);
        }
    }

    record InverseTimeDecay(int decaySteps, float decayRate, boolean staircase) implements ScheduleDocument {
        @Override
        public LearningRateSchedule toSchedule() {
            return new LearningRateSchedule.InverseTimeDecay(decaySteps, decayRate, staircase);
        }
    }
}
