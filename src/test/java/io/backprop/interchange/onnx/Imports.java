package io.backprop.interchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.backprop.engine.Matrix;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Standardized;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.springframework.util.unit.DataSize;

/** Imports graphs, and compares their predictions with those of ONNX Runtime. */
final class Imports {

    private static final int ROWS = 50;

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

    static ImportedModel read(byte[] bytes) {
        return read(OnnxReader.read(bytes));
    }

    static ImportedModel read(OnnxModel model) {
        return new OnnxImporter(LIMITS, new MemoryBudget(1L << 30, 1L << 30)).read(model);
    }

    /** Reads a graph that was written and read as a file. */
    static ImportedModel read(GraphFixture graph) {
        return read(graph.bytes());
    }

    /** Imports a graph with one float input, and requires its predictions to be those of ONNX Runtime. */
    static ImportedModel readAndCompare(GraphFixture graph) {
        ImportedModel model = read(graph);
        assertSamePredictions(model, graph.bytes());
        return model;
    }

    static void assertSamePredictions(ImportedModel model, byte[] file) {
        int inputs = model.ensemble().spec().inputs();
        float[] values = new float[ROWS * inputs];
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * (float) random.nextGaussian();
        }
        float[] expected = predictWithOnnxRuntime(file, values);
        Matrix predictions = predict(model, Matrix.wrap(ROWS, inputs, values));
        assertThat(expected).hasSize(predictions.rows() * predictions.columns());
        for (int i = 0; i < expected.length; i++) {
            float actual = predictions.get(i / predictions.columns(), i % predictions.columns());
            assertThat(Math.abs(actual - expected[i]))
                    .as("prediction %d: %s and not %s", i, actual, expected[i])
                    .isLessThanOrEqualTo(1e-6f * Math.max(1, Math.abs(expected[i])));
        }
    }

    /** The predictions of a model in the unit of its targets. */
    static Matrix predict(ImportedModel model, Matrix inputs) {
        Preprocessing preprocessing = model.spec().architecture().preprocessing();
        Matrix encoded =
                preprocessing instanceof Standardized scaled ? scaled.inputs().apply(inputs) : inputs;
        return preprocessing.targets().invert(model.ensemble().predict(encoded));
    }

    /** The values of the last output that is a tensor of floats. */
    static float[] predictWithOnnxRuntime(byte[] file, float[] values) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file)) {
            String input = session.getInputNames().iterator().next();
            long[] shape = ((ai.onnxruntime.TensorInfo)
                            session.getInputInfo().get(input).getInfo())
                    .getShape();
            shape[0] = ROWS;
            try (ai.onnxruntime.OnnxTensor tensor =
                            ai.onnxruntime.OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
                    OrtSession.Result result = session.run(Map.of(input, tensor))) {
                float[] found = {};
                for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
                    if (output.getValue() instanceof ai.onnxruntime.OnnxTensor floats
                            && floats.getInfo().type == ai.onnxruntime.OnnxJavaType.FLOAT) {
                        FloatBuffer buffer = floats.getFloatBuffer();
                        found = new float[buffer.remaining()];
                        buffer.get(found);
                    }
                }
                return found;
            }
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }
}
