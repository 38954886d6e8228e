package io.backprop.interchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.Matrix;
import io.backprop.interchange.onnx.OnnxValue.Dimension;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Standardized;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.springframework.util.unit.DataSize;

/** Imports graphs, and compares their predictions with those of ONNX Runtime. */
final class Imports {

    private static final int ROWS = 100;
    private static final double TOLERANCE = 1e-6; // of predictions around 1

    private static final RequestLimits LIMITS = new RequestLimits(
            DataSize.ofMegabytes(64),
            DataSize.ofGigabytes(1),
            DataSize.ofGigabytes(4),
            100,
            64,
            8192,
            50_000_000,
            1_000_000,
            1e15,
            Duration.ofHours(1),
            1e12,
            1 << 25);

    private Imports() {}

    static ImportedModel read(byte[] file) {
        return read(OnnxReader.read(file));
    }

    static ImportedModel read(OnnxModel model) {
        return new OnnxImporter(LIMITS, new MemoryBudget(1L << 30, 1L << 30)).read(model);
    }

    static ImportedModel read(GraphFixture graph) {
        return read(graph.bytes());
    }

    /** Imports a graph, and requires its predictions to be those of ONNX Runtime. */
    static ImportedModel readAndCompare(GraphFixture graph) {
        return readAndCompare(graph.bytes());
    }

    static ImportedModel readAndCompare(byte[] file) {
        OnnxModel model = OnnxReader.read(file);
        ImportedModel imported = read(model);
        int inputs = imported.ensemble().spec().inputs();
        float[] values = new float[ROWS * inputs];
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * (float) random.nextGaussian();
        }
        Matrix predictions = predict(imported, Matrix.wrap(ROWS, inputs, values.clone()));
        List<Float> expected = predictWithOnnxRuntime(model, values);
        int columns = expected.size() / ROWS;
        for (int i = 0; i < expected.size(); i++) {
            float actual = columns == 2 && predictions.columns() == 1
                    ? Math.abs(predictions.get(i / 2, 0) - (1 - i % 2)) // of a single sigmoid
                    : predictions.get(i / columns, i % columns);
            assertThat((double) actual)
                    .as("prediction %d", i)
                    .isCloseTo(expected.get(i), within(TOLERANCE * Math.max(1, Math.abs(expected.get(i)))));
        }
        return imported;
    }

    /** The predictions of a model in the unit of its targets. */
    static Matrix predict(ImportedModel model, Matrix inputs) {
        Preprocessing preprocessing = model.spec().architecture().preprocessing();
        Matrix encoded =
                preprocessing instanceof Standardized scaled ? scaled.inputs().apply(inputs) : inputs;
        return preprocessing.targets().invert(model.ensemble().predict(encoded));
    }

    /** The numbers of the output that is a tensor of floats. */
    private static List<Float> predictWithOnnxRuntime(OnnxModel model, float[] values) {
        OnnxValue input = model.graph().inputs().get(0);
        long[] shape = Objects.requireNonNull(input.shape()).stream()
                .mapToLong(dimension -> dimension instanceof Dimension.Fixed fixed ? fixed.length() : ROWS)
                .toArray();
        try (OnnxRuntime runtime = new OnnxRuntime(model)) {
            List<Float> numbers = new ArrayList<>();
            for (Object output : runtime.run(Map.of(input.name(), runtime.numbers(values, shape)))
                    .values()) {
                if (output instanceof float[][] rows) {
                    for (float[] row : rows) {
                        addAll(numbers, row);
                    }
                } else if (output instanceof float[] column) {
                    addAll(numbers, column);
                }
            }
            return numbers;
        }
    }

    private static void addAll(List<Float> numbers, float... values) {
        for (float value : values) {
            numbers.add(value);
        }
    }
}
