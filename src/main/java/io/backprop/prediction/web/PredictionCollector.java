package io.backprop.prediction.web;

import io.backprop.engine.Matrix;
import io.backprop.limits.RequestLimits;
import io.backprop.prediction.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All predictions in memory, for an answer in JSON. */
final class PredictionCollector implements PredictionWriter {

    private final RequestLimits limits;
    private final List<Matrix> parts = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private boolean labelled;
    private int rows;

    PredictionCollector(RequestLimits limits) {
        this.limits = limits;
    }

    @Override
    public Consumer<Prediction> endPart() {
        return this::add;
    }

    private void add(Prediction part) {
        rows += part.predictions().rows();
        limits.requireCells("rows", rows, "outputs", part.predictions().columns());
        parts.add(part.predictions());
        if (part.labels() != null) {
            labelled = true;
            labels.addAll(part.labels());
        }
    }

    Matrix predictions() {
        return Matrix.concatenate(parts);
    }

    /** Null unless the model classifies. */
    @Nullable
    List<String> labels() {
        return labelled ? labels : null;
    }
}
