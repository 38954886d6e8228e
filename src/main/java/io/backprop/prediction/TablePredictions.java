package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.PredictionSink;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowEncoder.Batch;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
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
     * response in CSV takes 1.5 times as long (benchmark TableServing). While other large requests wait, the request's
     * thread does everything itself.
     */

    private static final int BATCHES = 2; // one is read while the other is predicted
    private static final int COPIES_OF_PREDICTIONS = 3; // in parts, then as a whole, with probabilities and labels

    private final RequestLimits limits;
    private final MemoryBudget memory;
    private final ComputeBudget compute;
    private final PredictionMetrics metrics;
    private final Executor executor;

    TablePredictions(
            RequestLimits limits,
            MemoryBudget memory,
            ComputeBudget compute,
            PredictionMetrics metrics,
            @Qualifier("tablePredictionExecutor") Executor executor) {
        this.limits = limits;
        this.memory = memory;
        this.compute = compute;
        this.metrics = metrics;
        this.executor = executor;
    }

    /**
     * Predicts for all rows and keeps the predictions in memory.
     *
     * @param rows writes all rows to the given sink
     */
    public Prediction predict(Predictor predictor, Consumer<RowSink> rows, CellRules rules) {
        MemoryBudget.Reservation reservation = memory.current();
        List<Matrix> parts = new ArrayList<>();
        List<String> warnings = predict(predictor, rows, rules, () -> predictions -> {
            reservation.add((long) COPIES_OF_PREDICTIONS * predictions.rows() * predictor.width() * Float.BYTES);
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
        TableScorer scorer = predictor.tableScorer();
        List<String> warnings = process(
                predictor,
                scorer.expectedColumns(false),
                rows,
                rules,
                sink::tap,
                batch -> {
                    Consumer<Matrix> receiver = sink.endBatch();
                    return () -> receiver.accept(scorer.predict(batch.inputs()));
                },
                metrics::predicted);
        return Stream.concat(sink.warnings().stream(), warnings.stream()).toList();
    }

    /**
     * Compares the predictions for all rows with the targets that the rows contain.
     *
     * @param rows writes all rows to the given sink
     */
    public Evaluation evaluate(Predictor predictor, Consumer<RowSink> rows, CellRules rules) {
        MemoryBudget.Reservation reservation = memory.current();
        EvaluationAccumulator accumulator = new EvaluationAccumulator(predictor);
        List<String> warnings = process(
                predictor,
                predictor.tableScorer().expectedColumns(true),
                rows,
                rules,
                UnaryOperator.identity(),
                batch -> () -> {
                    reservation.add(predictor.memoryToCompare(batch.inputs().rows()));
                    accumulator.add(batch.inputs(), predictor.encodeTargets(Objects.requireNonNull(batch.targets())));
                },
                metrics::evaluated);
        return accumulator.evaluation(warnings);
    }

    private List<String> process(
            Predictor predictor,
            ExpectedColumns expected,
            Consumer<RowSink> rows,
            CellRules rules,
            UnaryOperator<RowSink> tap,
            Function<Batch, Runnable> task,
            LongConsumer completed) {
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
            completed.accept(pipeline.rows);
        } finally {
            compute.release();
        }
        return warnings.toList();
    }

    /** Runs the tasks of one request in their order, one at a time. For use by the reading thread. */
    private final class BatchPipeline implements AutoCloseable {

        private final Predictor predictor;
        private final MemoryBudget.Reservation reservation = memory.current();
        private Executor executor = TablePredictions.this.executor;
        private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        private long rows;
        private int largest; // number of rows of a batch

        BatchPipeline(Predictor predictor) {
            this.predictor = predictor;
        }

        void add(int batchRows, Runnable task) {
            rows += batchRows;
            double flops = limits.requirePredictionFlops(
                    "rows", rows, predictor.ensemble().parameterCount(), 1);
            if (largest > 0) {
                compute.acquire(); // encoding is large as well
            } else {
                compute.acquireForFlops(flops);
            }
            if (batchRows > largest) {
                reservation.add(BATCHES * (predictor.memoryToPredict(batchRows) - predictor.memoryToPredict(largest)));
                largest = batchRows;
            }
            await();
            last = CompletableFuture.runAsync(task, compute.isContended() ? Runnable::run : executor);
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
