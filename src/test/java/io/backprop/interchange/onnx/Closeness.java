package io.backprop.interchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.Matrix;
import io.backprop.prediction.Prediction;
import java.util.List;
import java.util.Map;

/**
 * Compares predictions. A difference of 10⁻⁶ is allowed relative to the number, or to the root of the mean square of its
 * column if that is larger: rounding errors of a sum are proportional to its terms, which may cancel each other out.
 */
final class Closeness {

    private static final double TOLERANCE = 1e-6;

    private Closeness() {}

    /** Compares all outputs of a graph with a prediction. */
    static void assertSame(Map<String, Object> outputs, Prediction expected) {
        boolean classifier = expected.classes() != null;
        float[][] actual = (float[][]) outputs.get(classifier ? "probabilities" : "predictions");
        assertClose(actual, expected.predictions());
        List<String> labels = expected.labels();
        if (labels == null) {
            assertThat(outputs).hasSize(1);
        } else {
            assertThat((String[]) outputs.get("label")).containsExactlyElementsOf(labels);
        }
    }

    private static void assertClose(float[][] actual, Matrix expected) {
        assertThat(actual).hasNumberOfRows(expected.rows());
        for (int column = 0; column < expected.columns(); column++) {
            double scale = rootMeanSquare(expected, column);
            for (int row = 0; row < expected.rows(); row++) {
                float number = expected.get(row, column);
                assertThat((double) actual[row][column])
                        .as("row %d, column %d", row, column)
                        .isCloseTo(number, within(TOLERANCE * Math.max(Math.abs(number), scale)));
            }
        }
    }

    private static double rootMeanSquare(Matrix matrix, int column) {
        double sum = 0;
        for (int row = 0; row < matrix.rows(); row++) {
            sum += (double) matrix.get(row, column) * matrix.get(row, column);
        }
        return Math.sqrt(sum / matrix.rows());
    }
}
