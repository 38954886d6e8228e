package io.backprop.interchange.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ONNX file that ONNX Runtime has loaded. */
final class OnnxRuntime implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    OnnxRuntime(OnnxModel model) {
        try {
            session = environment.createSession(OnnxWriter.write(model));
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }

    OrtSession session() {
        return session;
    }

    /** Computes all outputs: {@code float[][]} or {@code String[]}. */
    Map<String, Object> run(Map<String, OnnxTensor> inputs) {
        try (OrtSession.Result result = session.run(inputs)) {
            Map<String, Object> outputs = new LinkedHashMap<>();
            for (Map.Entry<String, ai.onnxruntime.OnnxValue> output : result) {
                outputs.put(output.getKey(), output.getValue().getValue());
            }
            return outputs;
        } catch (OrtException e) {
            throw new AssertionError(e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** A tensor of numbers, of one dimension for a column and two for a matrix. */
    OnnxTensor numbers(float[] values, long... shape) {
        try {
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }

    OnnxTensor texts(List<String> values) {
        try {
            return OnnxTensor.createTensor(environment, values.toArray(String[]::new));
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }
}
