package io.backprop.engine;

import java.util.Random;

/** Small, reproducible examples for tests. */
final class ExampleData {

    private ExampleData() {}

    static Examples xor() {
        return Examples.of(Matrix.of(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}), Matrix.of(new float[][] {
            {0}, {1}, {1}, {0}
        }));
    }

    /** Inputs from N(0, 1); targets are probabilities that add up to 1, or with one output are between 0 and 1. */
    static Examples probabilities(int rows, int inputs, int outputs) {
        Random random = new Random(17);
        float[] targets = new float[rows * outputs];
        for (int row = 0; row < rows; row++) {
            float rest = 1;
            for (int i = 0; i < outputs; i++) {
                boolean last = i == outputs - 1 && outputs > 1;
                float share = last ? rest : rest * random.nextFloat();
                targets[row * outputs + i] = share;
                rest -= share;
            }
        }
        return Examples.of(normal(rows, inputs, 1, random), Matrix.wrap(rows, outputs, targets));
    }

    /** Inputs from N(0, 1), targets from N(0, 4). */
    static Examples numbers(int rows, int inputs, int outputs) {
        Random random = new Random(18);
        return Examples.of(normal(rows, inputs, 1, random), normal(rows, outputs, 2, random));
    }

    /** Weights between 0 and 2. */
    static Vector weights(int rows) {
        Random random = new Random(19);
        float[] weights = new float[rows];
        for (int i = 0; i < rows; i++) {
            weights[i] = 2 * random.nextFloat();
        }
        return Vector.wrap(weights);
    }

    private static Matrix normal(int rows, int columns, double deviation, Random random) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return Matrix.wrap(rows, columns, values);
    }
}
