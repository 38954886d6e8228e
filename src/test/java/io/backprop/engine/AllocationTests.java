package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training allocates when it begins, and then no more; compiled code at least, so these trainings are warmed up. */
class AllocationTests {

    private static final long PER_EPOCH = 1024;

    /** Of a training, until its code is compiled. */
    private static final int ATTEMPTS = 100;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void epochOfSingleExamplesAllocatesNothingWorthMentioning() {
        NetworkSpec spec = NetworkSpec.of(
                1,
                Loss.MEAN_SQUARED_ERROR,
                new LayerSpec(6, Activation.SIGMOID),
                new LayerSpec(6, Activation.SIGMOID),
                new LayerSpec(1, Activation.SIGMOID));
        assertThat(perEpoch(spec, TrainingPlan.classic(0.06f), 3000, Threads.ONE))
                .isLessThan(PER_EPOCH);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SOFTMAX")
    void epochOfBatchesAllocatesNothingWorthMentioning(Activation activation) {
        ExecutorService helpers = Executors.newFixedThreadPool(1);
        try {
            NetworkSpec spec = NetworkSpec.of(
                    50,
                    Loss.CATEGORICAL_CROSSENTROPY,
                    new LayerSpec(200, activation, 0.1f),
                    new LayerSpec(90, Activation.RELU),
                    new LayerSpec(5, Activation.SOFTMAX));
            TrainingPlan plan = TrainingPlan.adam(0.001f).withBatches(100, true);
            assertThat(perEpoch(spec, plan, 1000, new Threads(helpers, 2))).isLessThan(PER_EPOCH);
        } finally {
            helpers.shutdownNow();
        }
    }

    /** Bytes that the training's own thread allocates in each epoch after the first. */
    private long perEpoch(NetworkSpec spec, TrainingPlan plan, int examples, Threads helpers) {
        int epochs = 20;
        TrainingData data = TrainingData.of(ExampleData.probabilities(examples, spec.inputs(), spec.outputs()));
        Network start = Network.initialize(spec, 1);
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least >= PER_EPOCH; attempt++) {
            long one = allocated(start, plan.withEpochs(1), data, helpers);
            long more = allocated(start, plan.withEpochs(1 + epochs), data, helpers);
            least = Math.min(least, (more - one) / epochs);
        }
        return least;
    }

    private long allocated(Network start, TrainingPlan plan, TrainingData data, Threads helpers) {
        long before = threads.getCurrentThreadAllocatedBytes();
        Trainer.start(start, plan, data).on(helpers).train(TrainingListener.NONE);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
