package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A training allocates only at its start, and a prediction only the arrays of its layers. This depends on the JIT compiler,
 * so the test uses a separate JVM without the profiles of other tests, and repeats the work until it is compiled.
 */
class AllocationTests {

    private static final long MAX_BYTES = 1024;
    private static final int EPOCHS = 20;
    private static final int ATTEMPTS = 100;
    private static final int PREDICTIONS = 200;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void epochsDoNotAllocateAndPredictionsOnlyTheirArrays() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (KernelReport.current().isSimd()) {
            command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        command.add("-Xbatch"); // on a busy machine, background compilation would be too late
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AllocationTests.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(output.lines())
                .hasSizeGreaterThan(1)
                .allSatisfy(line -> assertThat(Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                        .as(line)
                        .isLessThan(MAX_BYTES));
    }

    /** Prints the bytes that an epoch allocates, one line per kind of training, and a prediction beyond its arrays. */
    public static void main(String[] arguments) {
        System.out.println("PREDICTION " + perPrediction(1, 32));
        System.out.println("ENSEMBLE " + perPrediction(2, 8));
        System.out.println("EXAMPLES " + perEpochOfSingleExamples());
        Helper helper = new Helper();
        helper.setDaemon(true);
        helper.start();
        for (Activation activation : Activation.values()) {
            if (!activation.isOutputOnly()) {
                System.out.println(activation + " " + perEpochOfBatches(activation, new Threads(helper, 2)));
            }
        }
    }

    /** Runs one task at a time; unlike the queue of a pool, it allocates nothing when the helper of a training is called. */
    private static final class Helper extends Thread implements Executor {
        private volatile @Nullable Runnable next;

        @Override
        public void execute(Runnable task) {
            next = task;
            LockSupport.unpark(this);
        }

        @Override
        public void run() {
            while (true) {
                Runnable task = next;
                if (task == null) {
                    LockSupport.park(this);
                } else {
                    next = null;
                    task.run();
                }
            }
        }
    }

    private static long perPrediction(int networks, int rows) {
        NetworkSpec spec = NetworkSpec.of(
                300,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(200, Activation.RELU),
                new LayerSpec(5, Activation.SOFTMAX));
        Ensemble ensemble = Ensemble.of(Collections.nCopies(networks, Network.initialize(spec, 1)));
        Matrix inputs = ExampleData.numbers(rows, 300, 1).inputs();
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least >= MAX_BYTES; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < PREDICTIONS; i++) {
                ensemble.predict(inputs);
            }
            long bytes = (THREADS.getCurrentThreadAllocatedBytes() - before) / PREDICTIONS;
            least = Math.min(least, Math.abs(bytes - ensemble.memoryToPredict(rows)));
        }
        return least;
    }

    private static long perEpochOfSingleExamples() {
        NetworkSpec spec = NetworkSpec.of(
                1,
                new Loss.MeanSquaredError(),
                new LayerSpec(6, Activation.SIGMOID),
                new LayerSpec(6, Activation.SIGMOID),
                new LayerSpec(1, Activation.SIGMOID));
        return perEpoch(spec, TrainingPlan.classic(0.06f), 3000, Threads.ONE);
    }

    private static long perEpochOfBatches(Activation activation, Threads helpers) {
        NetworkSpec spec = NetworkSpec.of(
                50,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(200, activation, 0.1f),
                new LayerSpec(90, Activation.RELU),
                new LayerSpec(5, Activation.SOFTMAX));
        return perEpoch(spec, TrainingPlan.adam(0.001f).withBatches(100, true), 1000, helpers);
    }

    /** Bytes allocated per epoch after the first one. */
    private static long perEpoch(NetworkSpec spec, TrainingPlan plan, int examples, Threads helpers) {
        TrainingData data = TrainingData.of(ExampleData.probabilities(examples, spec.inputs(), spec.outputs()));
        Network start = Network.initialize(spec, 1);
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least >= MAX_BYTES; attempt++) {
            long one = allocated(start, plan.withEpochs(1), data, helpers);
            long more = allocated(start, plan.withEpochs(1 + EPOCHS), data, helpers);
            least = Math.min(least, Math.abs(more - one) / EPOCHS); // negative if only the second one was compiled
        }
        return least;
    }

    private static long allocated(Network start, TrainingPlan plan, TrainingData data, Threads helpers) {
        long before = allocatedByAllThreads();
        Trainer.start(start, plan, data).using(helpers).train(TrainingListener.NONE);
        return allocatedByAllThreads() - before;
    }

    private static long allocatedByAllThreads() {
        return LongStream.of(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .sum();
    }
}
