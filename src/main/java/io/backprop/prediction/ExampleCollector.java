package io.backprop.prediction;

import io.backprop.engine.Matrix;
import java.util.ArrayList;
import java.util.List;

/** Examples that come in parts, all of them in memory. */
final class ExampleCollector {

    private final List<Matrix> inputs = new ArrayList<>();
    private final List<Matrix> targets = new ArrayList<>();
    private int rows;

    void add(Matrix moreInputs, Matrix moreTargets) {
        inputs.add(moreInputs);
        targets.add(moreTargets);
        rows = Math.addExact(rows, moreInputs.rows());
    }

    int rows() {
        return rows;
    }

    Matrix inputs() {
        return Matrix.concatenate(inputs);
    }

    Matrix targets() {
        return Matrix.concatenate(targets);
    }
}
