package io.backprop.bench;

import io.backprop.engine.Activation;
import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.Initializer;
import io.backprop.engine.KeepBest;
import io.backprop.engine.KernelReport;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.LearningRateFactors;
import io.backprop.engine.LearningRateSchedule;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Optimizer;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures the training of the tabular preset: five networks of 30 inputs and three hidden layers of 256 units, 256 epochs
 * each, on four fifths of 1,000 rows, with validation on the others. Prints one line of JSON for each repetition. Arguments:
 * [--activation selu|mish] [--threads NUMBER] [--repetitions NUMBER] [--rows NUMBER] [--inputs NUMBER].
 */
public final class TabularTraining {

    private static final int FOLDS = 5;
    private static final int UNITS = 256;

    private TabularTraining() {}

    public static void main(String[] args) {
        List<String> arguments = List.of(args);
        Activation activation =
                Activation.valueOf(option(arguments, "--activation", "selu").toUpperCase(Locale.ROOT));
        Threads threads = Threads.of(Integer.parseInt(option(arguments, "--threads", "2")));
        int repetitions = Integer.parseInt(option(arguments, "--repetitions", "3"));
        int rows = Integer.parseInt(option(arguments, "--rows", "1000"));
        int inputs = Integer.parseInt(option(arguments, "--inputs", "30"));
        NetworkSpec spec = spec(inputs, activation);
        TrainingPlan plan = plan(spec, rows / FOLDS * (FOLDS - 1));
        Examples examples = examples(rows, inputs, spec.outputs());
        for (int i = 0; i < repetitions; i++) {
            long begin = System.nanoTime();
            train(spec, plan, examples, threads);
            System.out.printf(
                    "{\"activation\": \"%s\", \"kernel\": \"%s\", \"threads\": %d, \"seconds\": %.2f}%n",
                    activation.name().toLowerCase(Locale.ROOT),
                    KernelReport.current().name(),
                    threads.count(),
                    (System.nanoTime() - begin) / 1e9);
        }
    }

    private static void train(NetworkSpec spec, TrainingPlan plan, Examples examples, Threads threads) {
        boolean classifies = spec.outputs() > 1;
        Folds folds = Folds.stratified(new int[examples.size()], FOLDS, 1);
        for (int fold = 0; fold < FOLDS; fold++) {
            Network start = Network.initialize(spec, Initializer.NTK_NORMAL, fold);
            Trainer.start(start, plan.withSeed(fold), TrainingData.of(examples, folds.split(fold)))
                    .measuring(classifies ? Metric.ACCURACY : Metric.MEAN_SQUARED_ERROR)
                    .using(threads)
                    .train(TrainingListener.NONE);
        }
    }

    private static NetworkSpec spec(int inputs, Activation activation) {
        LayerSpec hidden = new LayerSpec(UNITS, activation);
        return activation == Activation.MISH
                ? NetworkSpec.of(
                        inputs,
                        new Loss.MeanSquaredError(),
                        hidden,
                        hidden,
                        hidden,
                        new LayerSpec(1, Activation.LINEAR))
                : NetworkSpec.of(
                        inputs,
                        new Loss.CategoricalCrossentropy(0.1f),
                        hidden,
                        hidden,
                        hidden,
                        new LayerSpec(2, Activation.SOFTMAX));
    }

    private static TrainingPlan plan(NetworkSpec spec, int rows) {
        List<LearningRateFactors.Layer> factors = new ArrayList<>();
        for (int layer = 0; layer < spec.layers().size(); layer++) {
            factors.add(new LearningRateFactors.Layer((float) (1 / Math.sqrt(spec.inputsOf(layer))), 0.1f));
        }
        boolean classifies = spec.outputs() > 1;
        return TrainingPlan.classic(classifies ? 0.04f : 0.07f)
                .withOptimizer(new Optimizer.Adam(0.9f, 0.95f, 1e-8f))
                .withSchedule(new LearningRateSchedule.CosLog(4))
                .withLearningRateFactors(new LearningRateFactors(factors))
                .withFrontScale(6)
                .withBatches(Math.min(256, rows), true)
                .withDropRemainder(true)
                .withKeepBest(new KeepBest(
                        classifies ? Metric.ACCURACY : Metric.MEAN_SQUARED_ERROR, 0, KeepBest.Ties.LATER, null))
                .withEpochs(256);
    }

    /** Inputs from N(0, 1), targets that depend on two of them. */
    private static Examples examples(int rows, int columns, int outputs) {
        SplitMix64 random = new SplitMix64(0);
        float[] inputs = new float[rows * columns];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = (float) random.nextGaussian();
        }
        float[] targets = new float[rows * outputs];
        for (int row = 0; row < rows; row++) {
            float value = inputs[row * columns] * inputs[row * columns + 1] + (float) random.nextGaussian();
            targets[outputs == 1 ? row : 2 * row + (value > 0 ? 1 : 0)] = outputs == 1 ? value : 1;
        }
        return Examples.of(Matrix.wrap(rows, columns, inputs), Matrix.wrap(rows, outputs, targets));
    }

    private static String option(List<String> arguments, String name, String otherwise) {
        int at = arguments.indexOf(name);
        return at < 0 ? otherwise : arguments.get(at + 1);
    }
}
