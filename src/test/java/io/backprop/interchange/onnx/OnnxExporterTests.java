package io.backprop.interchange.onnx;

import io.backprop.engine.Activation;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.model.Model;
import io.backprop.prediction.Prediction;
import io.backprop.prediction.Predictor;
import io.backprop.prediction.Predictors;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the predictions of exported models by ONNX Runtime with those of the service. */
class OnnxExporterTests {

    private static final int ROWS = 200;

    private final Random random = new Random(20);

    /** All fitting pairs of loss and output activation. */
    static Stream<Model> outputs() {
        return Loss.all().stream()
                .flatMap(loss -> Arrays.stream(Activation.values())
                        .filter(loss::fits)
                        .flatMap(output -> Stream.of(1, 3)
                                .filter(outputs -> outputs > 1 || output != Activation.SOFTMAX)
                                .map(outputs -> Exports.model(Activation.TANH, output, loss, outputs))));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void predictsAsTheServiceForEveryLossAndOutput(Model model) {
        assertSamePredictions(model);
    }

    @ParameterizedTest
    @EnumSource
    void predictsAsTheServiceForEveryHiddenActivation(Activation hidden) {
        if (!hidden.isOutputOnly()) {
            assertSamePredictions(Exports.model(hidden, Activation.LINEAR, new Loss.MeanSquaredError(), 2));
        }
    }

    private void assertSamePredictions(Model model) {
        float[] inputs = normal(ROWS * 4, 2);
        Prediction expected = Predictors.predict(new Predictor(model), Matrix.wrap(ROWS, 4, inputs.clone()));
        try (OnnxRuntime runtime = new OnnxRuntime(OnnxExporter.export(model, "{}"))) {
            Map<String, Object> outputs = runtime.run(Map.of("inputs", runtime.numbers(inputs, ROWS, 4)));
            Closeness.assertSame(outputs, expected);
        }
    }

    private float[] normal(int length, double deviation) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }
}
