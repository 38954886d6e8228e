package io.backprop.bench;

import io.backprop.engine.Activation;
import io.backprop.engine.Examples;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.SplitMix64;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One epoch of training, and one prediction, of networks of several widths with batches of 32. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TrainingStepBenchmark {

    private static final int ROWS = 256;
    private static final int FEATURES = 64;
    private static final int OUTPUTS = 10;

    /** Units of the one hidden layer; 37 is not a multiple of any vector width. */
    @Param({"8", "37", "64", "512"})
    public int units;

    private Network network;
    private TrainingData data;
    private Matrix row;

    @Setup(Level.Trial)
    public void prepare() {
        NetworkSpec spec = NetworkSpec.of(
                FEATURES,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(units, Activation.RELU),
                new LayerSpec(OUTPUTS, Activation.SOFTMAX));
        SplitMix64 random = new SplitMix64(1);
        float[] inputs = new float[ROWS * FEATURES];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = random.nextFloat();
        }
        float[] targets = new float[ROWS * OUTPUTS];
        for (int example = 0; example < ROWS; example++) {
            targets[example * OUTPUTS + random.nextInt(OUTPUTS)] = 1;
        }
        Matrix rows = Matrix.wrap(ROWS, FEATURES, inputs);
        network = Network.initialize(spec, 1);
        data = TrainingData.of(Examples.of(rows, Matrix.wrap(ROWS, OUTPUTS, targets)));
        row = rows.select(new int[] {0});
    }

    @Benchmark
    public TrainingResult trainEpoch() {
        TrainingPlan plan = TrainingPlan.adam(0.001f).withEpochs(1);
        return Trainer.start(network, plan, data).train(TrainingListener.NONE);
    }

    @Benchmark
    public Matrix predictRow() {
        return network.predict(row);
    }
}
