package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.limits.RequestLimits;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowEncoder.Batch;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Service;
import org.springframework.util.ReflectionUtils;

/**
 * Predicts for the rows of a table in batches while they are read, so that the memory needed does not depend on the length
 * of the table.
 */
@Service
public class TablePredictions {
    /*
     * A second thread predicts a batch and passes it on while the request's thread reads the next one. On one thread a
     * response in CSV takes 1.5 times as long (benchmark TableServing).
     */

    private final RequestLimits limits;
    private final Executor executor;

    TablePredictions(RequestLimits limits, @Qualifier("tablePredictionExecutor") Executor executor) {
        this.limits = limits;
        this.executor = executor;
    }

    /**
     * Predicts for all rows and keeps the predictions in memory.
     *
     * @param rows writes all rows to the given sink
     */
    public Prediction predict(Predictor predictor, Consumer<RowSink> rows, CellRules rules) {
        List<Matrix> parts = new ArrayList<>();
        List<String> warnings = predict(predictor, rows, rules, () -> predictions -> {
            parts.add(predictions);
            int count = parts.stream().mapToInt(Matrix::rows).sum();
            limits.requireCells("rows", count, "outputs", predictor.width());
        });
        return predictor.prediction(Matrix.concatenate(parts), warnings);
    }

    /**
     * Predicts for all rows.
     *
     * @param rows writes all rows to the given sink
     * @return warnings about the rows
     */
    public List<String> predict(Predictor predictor, Consumer<RowSink> rows, CellRules rules, PredictionSink sink) {
        List<String> warnings = process(predictor, predictor.expectedColumns(false), rows, rules, sink::tap, batch -> {
            Consumer<Matrix> receiver = sink.endBatch();
            return () -> receiver.accept(predictor.predict(batch.inputs()));
        });
        return Stream.concat(sink.warnings().stream(), warnings.stream()).toList();
    }

    /**
     * Compares the predictions for all rows with the targets that the rows contain.
     *
     * @param rows writes all rows to the given sink
     */
    public Evaluation evaluate(Predictor predictor, Consumer<RowSink> rows, CellRules rules) {
        EvaluationAccumulator accumulator = new EvaluationAccumulator(predictor);
        List<String> warnings = process(
                predictor,
                predictor.expectedColumns(true),
                rows,
                rules,
                UnaryOperator.identity(),
                batch -> () -> accumulator.add(
                        batch.inputs(), predictor.encodeTargets(Objects.requireNonNull(batch.targets()))));
        return accumulator.evaluation(warnings);
    }

    private List<String> process(
            Predictor predictor,
            ExpectedColumns expected,
            Consumer<RowSink> rows,
            CellRules rules,
            UnaryOperator<RowSink> tap,
            Function<Batch, Runnable> task) {
        Warnings warnings = new Warnings();
        try (BatchPipeline pipeline = new BatchPipeline(predictor)) {
            RowEncoder encoder = new RowEncoder(
                    expected,
                    rules,
                    warnings,
                    batch -> pipeline.add(batch.inputs().rows(), task.apply(batch)));
            rows.accept(tap.apply(encoder));
            pipeline.executor = Runnable::run; // nothing is left to read meanwhile
            encoder.finish();
            pipeline.await();
        }
        return warnings.toList();
    }

    /** Runs the tasks of one request in their order, one at a time. For use by the reading thread. */
    private final class BatchPipeline implements AutoCloseable {

        private final long parameterCount;
        private Executor executor = TablePredictions.this.executor;
        private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        private long rows;

        BatchPipeline(Predictor predictor) {
            this.parameterCount = predictor.network().spec().parameterCount();
        }

        void add(int batchRows, Runnable task) {
            rows += batchRows;
            limits.requirePredictionFlops("rows", rows, parameterCount, 1);
            await();
            last = CompletableFuture.runAsync(task, executor);
        }

        /** Waits for the last task, and throws what it threw. */
        void await() {
            try {
                last.join();
            } catch (CompletionException e) {
                ReflectionUtils.rethrowRuntimeException(e.getCause());
            }
        }

        @Override
        public void close() {
            last.exceptionally(failure -> null).join();
        }
    }
}
