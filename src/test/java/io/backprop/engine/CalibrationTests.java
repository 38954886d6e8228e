package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The expected temperatures are from PyTorch 2.6: the minimum by L-BFGS in float64, with the same prior. */
class CalibrationTests {

    private static final float[][] LOGITS = {
        {-0.75f, 0.5f, 2.75f}, {-2, -6.25f, -3}, {2.5f, 3.75f, 0.5f}, {-3.25f, 6.25f, -1.5f}, {2.25f, 4.5f, -0.5f},
        {2.25f, -1.75f, 4.25f}, {-9, -2, -5.5f}, {-1.25f, 0.75f, 3}, {0.75f, 2.5f, 4}, {-1, -2.25f, -5},
        {-1, 0.75f, -0.25f}, {-1.5f, -1.75f, -6.75f}
    };
    private static final int[] CLASSES = {1, 0, 1, 1, 0, 0, 1, 0, 2, 0, 2, 1};

    private static Matrix targets(int times) {
        float[] values = new float[times * CLASSES.length * 3];
        for (int row = 0; row < times * CLASSES.length; row++) {
            values[3 * row + CLASSES[row % CLASSES.length]] = 1;
        }
        return Matrix.wrap(times * CLASSES.length, 3, values);
    }

    private static Matrix firstColumn(Matrix matrix) {
        float[] values = new float[matrix.rows()];
        for (int row = 0; row < values.length; row++) {
            values[row] = matrix.get(row, 0);
        }
        return Matrix.wrap(values.length, 1, values);
    }

    private static Matrix repeated(int times) {
        float[][] rows = new float[times * LOGITS.length][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = LOGITS[row % LOGITS.length];
        }
        return Matrix.of(rows);
    }

    @Test
    void fitsTheTemperatureOfASoftmax() {
        assertThat(Calibration.temperature(Activation.SOFTMAX, Matrix.of(LOGITS), targets(1)))
                .isCloseTo(1.510784006, within(1e-6));
    }

    @Test
    void fitsTheTemperatureOfASigmoid() {
        assertThat(Calibration.temperature(Activation.SIGMOID, firstColumn(Matrix.of(LOGITS)), firstColumn(targets(1))))
                .isCloseTo(1.338903393, within(1e-6));
    }

    @Test
    void priorCountsLittleAmongManyRows() {
        double few = Calibration.temperature(Activation.SOFTMAX, Matrix.of(LOGITS), targets(1));
        double many = Calibration.temperature(Activation.SOFTMAX, repeated(100), targets(100));
        double most = Calibration.temperature(Activation.SOFTMAX, repeated(1_000), targets(1_000));

        assertThat(few).isBetween(1.0, many);
        assertThat(most).isCloseTo(many, within(0.1));
    }

    /** More logits than are used, so that some rows are left out. */
    @Test
    void fitsToEvenlySpacedRowsOfManyWithTheSameResult() {
        double all = Calibration.temperature(Activation.SOFTMAX, repeated(14_000), targets(14_000));
        double spaced = Calibration.temperature(Activation.SOFTMAX, repeated(70_000), targets(70_000));

        assertThat(spaced).isCloseTo(all, within(1e-3));
    }

    @Test
    void staysFiniteWhereEveryRowIsCertainAndRight() {
        Matrix certain = Matrix.of(new float[] {1e30f, -1e30f}, new float[] {-1e30f, 1e30f});
        Matrix targets = Matrix.of(new float[] {1, 0}, new float[] {0, 1});

        assertThat(Calibration.temperature(Activation.SOFTMAX, certain, targets))
                .isCloseTo(1, within(1e-6));
    }

    @Test
    void returnsProbabilitiesAtATemperature() {
        Matrix logits = Matrix.of(new float[] {2, -2});

        assertThat(Calibration.probabilities(Activation.SIGMOID, logits, 2).get(0, 0))
                .isCloseTo(0.7310586f, within(1e-6f));
        assertThat(Calibration.probabilities(Activation.SOFTMAX, logits, 4).get(0, 1))
                .isCloseTo(0.2689414f, within(1e-6f));
    }

    @Test
    void rejectsOutputsThatAreNoProbabilities() {
        assertThatThrownBy(() -> Calibration.temperature(Activation.LINEAR, Matrix.of(LOGITS), targets(1)))
                .hasMessage("output must be SIGMOID or SOFTMAX, but was LINEAR");
    }
}
