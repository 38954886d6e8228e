package io.backprop.engine.kernel;

/** What softmax does to each row before and after the exponentials. */
final class SoftmaxRows {

    private SoftmaxRows() {}

    /** Keeps the largest exponent at 0, so that no exponential overflows. */
    static void subtractMaxima(int rows, int columns, float[] x, int xOffset, float[] y, int yOffset) {
        for (int row = 0; row < rows * columns; row += columns) {
            float maximum = Float.NEGATIVE_INFINITY;
            for (int j = 0; j < columns; j++) {
                float value = x[xOffset + row + j];
                maximum = value > maximum ? value : maximum;
            }
            for (int j = 0; j < columns; j++) {
                y[yOffset + row + j] = x[xOffset + row + j] - maximum;
            }
        }
    }

    /** Sums are added up in double precision, in rising order. */
    static void divideBySums(int rows, int columns, float[] y, int yOffset) {
        for (int row = yOffset; row < yOffset + rows * columns; row += columns) {
            double sum = 0;
            for (int j = 0; j < columns; j++) {
                sum += y[row + j];
            }
            float divisor = (float) sum;
            for (int j = 0; j < columns; j++) {
                y[row + j] /= divisor;
            }
        }
    }
}
