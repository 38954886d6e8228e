package io.backprop.bench;

import io.backprop.engine.Activation;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Examples;
import io.backprop.engine.KernelReport;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.StopReason;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures training throughput in examples per second: the fastest epoch within some seconds. Prints one line of JSON for
 * each workload of a file, and one for the peak of the same number of cores. Arguments: FILE [--only NAME] [--threads
 * NUMBER] [--kernel scalar|simd] [--batch NUMBER] [--shards NUMBER]. An epoch has at least two batches.
 */
public final class TrainingThroughput {

    private static final double SECONDS = 4;

    private TrainingThroughput() {}

    /** An architecture and training parameters, as in the file. */
    record Workload(List<Integer> sizes, int batch, int examples, String optimizer, String hidden, String loss) {

        NetworkSpec spec() {
            boolean squared = loss.equals("mse");
            Activation activation = hidden.equals("relu") ? Activation.RELU : Activation.SIGMOID;
            List<LayerSpec> layers = new ArrayList<>();
            for (int units : sizes.subList(1, sizes.size() - 1)) {
                layers.add(new LayerSpec(units, activation));
            }
            layers.add(new LayerSpec(outputs(), squared ? activation : Activation.SOFTMAX));
            return new NetworkSpec(
                    sizes.get(0), layers, squared ? new Loss.MeanSquaredError() : new Loss.CategoricalCrossentropy());
        }

        TrainingPlan plan() {
            TrainingPlan plan = optimizer.equals("sgd") ? TrainingPlan.classic(0.01f) : TrainingPlan.adam(0.001f);
            return plan.withBatches(batch, batch > 1).withEpochs(Integer.MAX_VALUE);
        }

        Workload withBatch(int size) {
            return new Workload(sizes, size, Math.max(examples, 2 * size), optimizer, hidden, loss);
        }

        Examples data() {
            SplitMix64 random = new SplitMix64(0);
            float[] inputs = new float[examples * sizes.get(0)];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = random.nextFloat();
            }
            float[] targets = new float[examples * outputs()];
            for (int row = 0; row < examples; row++) {
                if (loss.equals("mse")) {
                    targets[row] = random.nextFloat();
                } else {
                    targets[row * outputs() + random.nextInt(outputs())] = 1;
                }
            }
            return Examples.of(Matrix.wrap(examples, sizes.get(0), inputs), Matrix.wrap(examples, outputs(), targets));
        }

        /**
         * Floating-point operations per example: a multiplication and an addition for each weight in the forward pass, for
         * its gradient and, above the first layer, for the gradient of the layer below.
         */
        long operations() {
            long weights = 0;
            for (int layer = 1; layer < sizes.size(); layer++) {
                weights += (long) sizes.get(layer - 1) * sizes.get(layer) * (layer == 1 ? 2 : 3);
            }
            return 2 * weights;
        }

        private int outputs() {
            return sizes.get(sizes.size() - 1);
        }
    }

    /** Records the shortest epoch, and ends the training after the time limit. */
    private static final class Stopwatch implements TrainingListener {
        private final long end = System.nanoTime() + (long) (SECONDS * 1e9);
        private long last = System.nanoTime();
        private long best = Long.MAX_VALUE;

        @Override
        public void epochEnded(EpochReport report, Supplier<Network> network) {
            long now = System.nanoTime();
            best = Math.min(best, now - last);
            last = now;
        }

        @Override
        public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
            return best < Long.MAX_VALUE && System.nanoTime() > end ? StopReason.TIME_LIMIT : null;
        }
    }

    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        String kernel = option(arguments, "--kernel", "");
        if (!kernel.isEmpty()) {
            System.setProperty("backprop.kernel", kernel); // read when the first network is created
        }
        String only = option(arguments, "--only", "");
        Threads threads = Threads.of(Integer.parseInt(option(arguments, "--threads", "1")));
        int shards = Integer.parseInt(option(arguments, "--shards", "1"));
        String batch = option(arguments, "--batch", "");
        for (Map.Entry<String, Workload> entry : workloads(args[0]).entrySet()) {
            if (only.isEmpty() || only.equals(entry.getKey())) {
                Workload workload = entry.getValue();
                double rate = measure(
                        batch.isEmpty() ? workload : workload.withBatch(Integer.parseInt(batch)), shards, threads);
                System.out.printf(
                        "{\"workload\": \"%s\", \"peer\": \"backprop\", \"kernel\": \"%s\", \"threads\": %d, "
                                + "\"shards\": %d, \"examples_per_second\": %d, \"gigaflops\": %.1f}%n",
                        entry.getKey(),
                        KernelReport.current().name(),
                        threads.count(),
                        shards,
                        Math.round(rate),
                        rate * workload.operations() / 1e9);
            }
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            System.out.printf(
                    "{\"peak_gigaflops\": %.1f, \"threads\": %d}%n",
                    SimdPeak.flops(threads.count()) / 1e9, threads.count());
        }
    }

    static Map<String, Workload> workloads(String file) throws IOException {
        return new JsonMapper().readValue(Files.readString(Path.of(file)), new TypeReference<>() {});
    }

    private static String option(List<String> arguments, String name, String otherwise) {
        int at = arguments.indexOf(name);
        return at < 0 ? otherwise : arguments.get(at + 1);
    }

    private static double measure(Workload workload, int shards, Threads threads) {
        Network network = Network.initialize(workload.spec(), 1);
        Stopwatch stopwatch = new Stopwatch();
        Trainer.start(network, workload.plan().withShards(shards), TrainingData.of(workload.data()))
                .using(threads)
                .train(stopwatch);
        return workload.examples() / (stopwatch.best / 1e9);
    }
}
