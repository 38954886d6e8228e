package io.backprop.bench;

import io.backprop.engine.SplitMix64;
import io.backprop.engine.kernel.Kernels;
import io.backprop.engine.kernel.MatrixMultiplier;
import io.backprop.engine.kernel.MatrixProduct;
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

/** The three products of a layer, and the sigmoid of its units. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProductBenchmark {

    private final Kernels kernels = Kernels.best();
    private final MatrixMultiplier multiplier = kernels.matrixMultiplier();
    private final MatrixProduct product = new MatrixProduct();

    /** Batch, inputs and units. */
    @Param({"32x64x64", "50x77x37", "128x784x128", "128x512x10", "256x1024x1024"})
    public String shape;

    private int batch;
    private int inputs;
    private int units;
    private float[] x; // batch × inputs
    private float[] weights; // inputs × units
    private float[] z; // batch × units

    @Setup(Level.Trial)
    public void prepare() {
        String[] sizes = shape.split("x");
        batch = Integer.parseInt(sizes[0]);
        inputs = Integer.parseInt(sizes[1]);
        units = Integer.parseInt(sizes[2]);
        x = random(batch * inputs);
        weights = random(inputs * units);
        z = random(batch * units);
    }

    private static float[] random(int length) {
        SplitMix64 random = new SplitMix64(1);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    @Benchmark
    public float[] forward() {
        product.depth(inputs).a(x, 0, inputs, 1).b(weights, 0, units, 1).c(z, 0, units);
        multiplier.multiply(product, 0, batch, 0, units);
        return z;
    }

    @Benchmark
    public float[] weightsGradient() {
        product.depth(batch).a(x, 0, 1, inputs).b(z, 0, units, 1).c(weights, 0, units);
        multiplier.multiply(product, 0, inputs, 0, units);
        return weights;
    }

    @Benchmark
    public float[] inputsGradient() {
        product.depth(units).a(z, 0, units, 1).b(weights, 0, 1, units).c(x, 0, inputs);
        multiplier.multiply(product, 0, batch, 0, inputs);
        return x;
    }

    @Benchmark
    public float[] sigmoid() {
        kernels.sigmoid(x, 0, z, 0, Math.min(x.length, z.length));
        return z;
    }
}
