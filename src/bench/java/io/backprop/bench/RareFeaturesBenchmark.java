package io.backprop.bench;

import io.backprop.engine.Activation;
import io.backprop.engine.Examples;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingResult;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One epoch of 4,000 steps with Adam on a sorted table of one category of 1,000: the weights of most categories have had no
 * gradient for a long time, so that the state of the optimizer would be subnormal if it were not flushed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RareFeaturesBenchmark {

    private static final int CATEGORIES = 1000;
    private static final int ROWS = 4 * CATEGORIES;

    private Network network;
    private TrainingData data;

    @Setup(Level.Trial)
    public void prepare() {
        NetworkSpec spec = NetworkSpec.of(
                CATEGORIES,
                new Loss.MeanSquaredError(),
                new LayerSpec(16, Activation.TANH),
                new LayerSpec(1, Activation.LINEAR));
        float[] inputs = new float[ROWS * CATEGORIES];
        float[] targets = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            int category = row * CATEGORIES / ROWS;
            inputs[row * CATEGORIES + category] = 1;
            targets[row] = category % 7;
        }
        network = Network.initialize(spec, 1);
        data = TrainingData.of(Examples.of(Matrix.wrap(ROWS, CATEGORIES, inputs), Matrix.wrap(ROWS, 1, targets)));
    }

    @Benchmark
    public TrainingResult trainEpoch() {
        TrainingPlan plan = TrainingPlan.adam(0.001f).withBatches(1, false).withEpochs(1);
        return Trainer.start(network, plan, data).train(TrainingListener.NONE);
    }
}
