package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.limits.RequestLimits;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import io.backprop.tabular.Targets;
import io.backprop.tabular.Warnings;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.stereotype.Service;

/** Answers for the rows of a table as they come, some at a time, so that they need not be in memory together. */
@Service
public class RowPredictionService {

    private final RequestLimits limits;

    RowPredictionService(RequestLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes in rows and hands on predictions for them, and for a classification the most probable labels.
     *
     * @param parts called with what makes the predictions for some rows, to be asked once, by any thread
     */
    public RowEncoder predict(Predictor predictor, Warnings warnings, Consumer<Supplier<Prediction>> parts) {
        Work work = new Work(predictor);
        ExpectedColumns expected =
                new ExpectedColumns(predictor.columns().features(), null, false, predictor.classes());
        return new RowEncoder(expected, warnings, batch -> {
            work.add(batch.inputs().rows());
            parts.accept(() -> prediction(predictor, batch.inputs()));
        });
    }

    private static Prediction prediction(Predictor predictor, Matrix encoded) {
        Matrix predictions = predictor.predict(encoded);
        return new Prediction(predictor.model(), predictions, predictor.labels(predictions), List.of());
    }

    /**
     * Takes in rows with their targets, and compares these with predictions.
     *
     * @param parts called with what compares some rows, to be run one after the other, by any thread
     */
    public RowEncoder evaluate(
            Predictor predictor, Warnings warnings, EvaluationAccumulator accumulator, Consumer<Runnable> parts) {
        Work work = new Work(predictor);
        Columns columns = predictor.columns();
        ExpectedColumns expected =
                new ExpectedColumns(columns.features(), columns.target(), columns.dates(), predictor.classes());
        return new RowEncoder(expected, warnings, batch -> {
            work.add(batch.inputs().rows());
            Targets targets = Objects.requireNonNull(batch.targets());
            parts.accept(() -> accumulator.add(batch.inputs(), predictor.encodeTargets(targets)));
        });
    }

    /** What has been done for one request. */
    private final class Work {
        private final long parameterCount;
        private long rows;

        Work(Predictor predictor) {
            this.parameterCount = predictor.network().spec().parameterCount();
        }

        void add(int more) {
            rows += more;
            limits.requirePredictionFlops("rows", rows, parameterCount);
        }
    }
}
