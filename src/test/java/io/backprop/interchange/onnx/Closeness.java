package io.backprop.interchange.onnx;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.Matrix;
import io.backprop.prediction.Prediction;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * Compares predictions. A difference of 10⁻⁶ is allowed relative to the number, or to the root of the mean square of its
 * column if that is larger: rounding errors of a sum are proportional to its terms, which may cancel each other out.
 */
final class Closeness {

    private static final double TOLERANCE = 1e-6;

    private Closeness() {}

    /** Compares all outputs of a graph, in their order, with a prediction. */
    static void assertSame(Collection<?> outputs, Prediction expected) {
        Iterator<?> values = outputs.iterator();
        assertClose((float[][]) values.next(), expected.predictions());
        if (expected.labels() != null) {
            assertSameLabels((String[]) values.next(), expected);
        }
        assertThat(values).isExhausted();
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

    /** Another label than the expected one is allowed if both are equally probable within the tolerance. */
    private static void assertSameLabels(String[] actual, Prediction expected) {
        List<String> classes = requireNonNull(expected.classes());
        List<String> labels = requireNonNull(expected.labels());
        assertThat(actual).hasSameSizeAs(labels);
        for (int row = 0; row < actual.length; row++) {
            float probability = expected.predictions().get(row, classes.indexOf(labels.get(row)));
            assertThat((double) expected.predictions().get(row, classes.indexOf(actual[row])))
                    .as("probability of the label %s of row %d", actual[row], row)
                    .isCloseTo(probability, within(TOLERANCE));
        }
    }
}
