package io.backprop.prediction.web;

import io.backprop.engine.Matrix;

/** The probability of each class of a classification, which may have a single output: that of the second of two. */
final class Probabilities {

    private Probabilities() {}

    static float of(Matrix predictions, int row, int classIndex) {
        if (predictions.columns() > 1) {
            return predictions.get(row, classIndex);
        }
        float second = predictions.get(row, 0);
        return classIndex == 1 ? second : 1 - second;
    }
}
