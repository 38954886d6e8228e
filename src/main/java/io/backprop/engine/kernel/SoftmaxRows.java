package io.backprop.engine.kernel;

/** Softmax row by row; or only what comes before and after the exponentials, to whom they are one long range. */
final class SoftmaxRows {

    private SoftmaxRows() {}

    static void softmax(int rows, int columns, float[] x, int xOffset, float[] y, int yOffset) {
        for (int row = 0; row < rows * columns; row += columns) {
            float maximum = maximum(columns, x, xOffset + row);
            double sum = 0;
            for (int j = 0; j < columns; j++) {
                float e = FloatMath.exp(x[xOffset + row + j] - maximum);
                y[yOffset + row + j] = e;
                sum += e;
            }
            divide(columns, y, yOffset + row, sum);
        }
    }

    /** Keeps the largest exponent at 0, so that no exponential overflows. */
    static void subtractMaxima(int rows, int columns, float[] x, int xOffset, float[] y, int yOffset) {
        for (int row = 0; row < rows * columns; row += columns) {
            float maximum = maximum(columns, x, xOffset + row);
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
            divide(columns, y, row, sum);
        }
    }

    private static float maximum(int columns, float[] x, int offset) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < columns; j++) {
            float value = x[offset + j];
            maximum = value > maximum ? value : maximum;
        }
        return maximum;
    }

    private static void divide(int columns, float[] y, int offset, double sum) {
        float divisor = (float) sum;
        for (int j = 0; j < columns; j++) {
            y[offset + j] /= divisor;
        }
    }
}
