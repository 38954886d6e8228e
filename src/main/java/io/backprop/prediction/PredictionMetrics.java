package io.backprop.prediction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts the operations of this package, and the rows of their requests. */
@Component
class PredictionMetrics {

    private final Operation predict;
    private final Operation evaluate;
    private final Operation importance;
    private final Operation score;

    PredictionMetrics(MeterRegistry registry) {
        predict = Operation.of("predict", registry);
        evaluate = Operation.of("evaluate", registry);
        importance = Operation.of("importance", registry);
        score = Operation.of("score", registry);
    }

    private record Operation(Counter requests, Counter rows) {

        static Operation of(String name, MeterRegistry registry) {
            return new Operation(
                    Counter.builder("backprop.predictions")
                            .description("Completed predictions, evaluations, importances and scored tables")
                            .tag("operation", name)
                            .register(registry),
                    Counter.builder("backprop.prediction.rows")
                            .description("Rows of completed predictions, evaluations, importances and scored tables")
                            .tag("operation", name)
                            .register(registry));
        }

        void completed(long rowCount) {
            requests.increment();
            rows.increment((double) rowCount);
        }
    }

    void predicted(long rows) {
        predict.completed(rows);
    }

    void evaluated(long rows) {
        evaluate.completed(rows);
    }

    void measuredImportance(long rows) {
        importance.completed(rows);
    }

    /** Counts a table that a driver has scored. */
    void scored(long rows) {
        score.completed(rows);
    }
}
