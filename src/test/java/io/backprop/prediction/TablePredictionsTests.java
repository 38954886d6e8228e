package io.backprop.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Answers.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;

import io.backprop.engine.Matrix;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.RowSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

class TablePredictionsTests {

    private static final int BATCH = 1 << 15; // rows of a table with one column

    private final Predictor predictor = Predictors.regression();
    private final ThreadPoolTaskExecutor executor = new PredictionConfiguration().tablePredictionExecutor();
    private final TablePredictions tables = new TablePredictions(
            new Binder(new MapConfigurationPropertySource(Map.of()))
                    .bindOrCreate("backprop.limits", RequestLimits.class),
            mock(MemoryBudget.class, RETURNS_DEEP_STUBS),
            mock(ComputeBudget.class),
            mock(PredictionMetrics.class),
            executor);

    @BeforeEach
    void start() {
        executor.initialize();
    }

    @AfterEach
    void stop() {
        executor.shutdown();
    }

    @Test
    void predictsAllRowsInTheirOrder() {
        Matrix predictions = tables.predict(predictor, rows(3 * BATCH + 5), CellRules.DEFAULT)
                .predictions();

        Matrix expected = predictor.predict(Matrix.of(new float[] {0}, new float[] {3 * BATCH + 4}));
        assertThat(predictions.rows()).isEqualTo(3 * BATCH + 5);
        assertThat(predictions.get(0, 0)).isEqualTo(expected.get(0, 0));
        assertThat(predictions.get(3 * BATCH + 4, 0)).isEqualTo(expected.get(1, 0));
    }

    @Test
    void readsTheNextBatchWhileOneIsProcessed() {
        CountDownLatch read = new CountDownLatch(1);

        tables.predict(
                predictor,
                sink -> {
                    rows(BATCH + 1).accept(sink);
                    read.countDown();
                },
                CellRules.DEFAULT,
                () -> predictions -> await(read));
    }

    @Test
    void readingThreadProcessesTheLastBatch() {
        List<Thread> threads = new ArrayList<>();

        tables.predict(predictor, rows(5), CellRules.DEFAULT, () -> predictions -> threads.add(Thread.currentThread()));

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void readingThreadProcessesAllBatchesIfNoOtherThreadIsFree() {
        CountDownLatch end = new CountDownLatch(1);
        IntStream.range(0, executor.getMaxPoolSize()).forEach(i -> executor.execute(() -> await(end)));

        assertEachBatchIsProcessedByThisThread();
        end.countDown();
    }

    @Test
    void readingThreadProcessesAllBatchesDuringShutdown() {
        executor.shutdown();

        assertEachBatchIsProcessedByThisThread();
    }

    private void assertEachBatchIsProcessedByThisThread() {
        List<Thread> threads = new ArrayList<>();
        tables.predict(
                predictor,
                rows(BATCH + 1),
                CellRules.DEFAULT,
                () -> predictions -> threads.add(Thread.currentThread()));
        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void errorWhileProcessingABatchIsThrownToTheReader() {
        assertThatThrownBy(() -> tables.predict(predictor, rows(2 * BATCH), CellRules.DEFAULT, () -> predictions -> {
                    throw new OutOfMemoryError("of a batch");
                }))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("of a batch");
    }

    /** A table whose only column has the numbers of the rows. */
    private static Consumer<RowSink> rows(int count) {
        return sink -> {
            sink.begin(List.of("x"));
            for (int row = 0; row < count; row++) {
                char[] cell = Integer.toString(row).toCharArray();
                sink.cell(0, RowSink.CellKind.UNTYPED, cell, 0, cell.length);
                sink.endRow();
            }
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
