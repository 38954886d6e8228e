package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TrainingPlanTests {

    @Test
    void classicPlanUsesPlainSgd() {
        TrainingPlan plan = TrainingPlan.classic(0.06f);
        assertThat(plan.epochs()).isEqualTo(100);
        assertThat(plan.batchSize()).isEqualTo(1);
        assertThat(plan.shuffle()).isFalse();
        assertThat(plan.optimizer()).isEqualTo(new Optimizer.Sgd());
        assertThat(plan.learningRate()).isEqualTo(0.06f);
        assertThat(plan.schedule()).isEqualTo(new LearningRateSchedule.Constant());
        assertThat(plan.regularization()).isEqualTo(Regularization.NONE);
        assertThat(plan.keepBest()).isNull();
    }

    @Test
    void adamPlanShufflesBatches() {
        assertThat(TrainingPlan.adam(0.001f))
                .isEqualTo(TrainingPlan.classic(0.001f)
                        .withOptimizer(new Optimizer.Adam())
                        .withBatches(32, true));
    }

    @Test
    void rejectsInvalidArguments() {
        TrainingPlan plan = TrainingPlan.classic(1);
        assertThatThrownBy(() -> plan.withEpochs(0))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("epochs must be at least 1, but was 0");
        assertThatThrownBy(() -> plan.withBatches(0, false)).hasMessage("batchSize must be at least 1, but was 0");
        for (int shards : new int[] {-2, 0, 3, 8192}) {
            assertThatThrownBy(() -> plan.withShards(shards))
                    .hasMessage("shards must be a power of two from 1 to 4096, but was " + shards);
        }
        assertThatThrownBy(() -> TrainingPlan.classic(0))
                .hasMessage("learningRate must be greater than 0, but was 0.0");
        assertThatThrownBy(() -> TrainingPlan.classic(Float.POSITIVE_INFINITY))
                .hasMessage("learningRate must be finite, but was Infinity");
        assertThatThrownBy(() -> TrainingPlan.classic(Float.NaN))
                .hasMessage("learningRate must be finite, but was NaN");
    }
}
