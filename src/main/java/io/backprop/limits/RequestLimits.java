package io.backprop.limits;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.time.Duration;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one request may ask for.
 *
 * @param body of a request
 * @param stream of a request whose body is a table, CSV or NDJSON; counted as it is when it has been unpacked
 * @param answer whose rows are CSV or NDJSON, and which waits on the disk until it is complete
 * @param layers of one model, the output layer included
 * @param units of one layer
 * @param parameters of one model
 * @param epochs of one training, those of all folds of a cross-validation together
 * @param work of one training in floating-point operations: examples × epochs × parameters × 6, of a
 *     cross-validation × folds
 * @param time of one training
 * @param predictionWork of one prediction or evaluation in floating-point operations: rows × parameters × 2;
 *     of an importance as often as rows are predicted for
 * @param numbers that a request makes beyond those it sends: rows × outputs, rows × categories of a table, and rows ×
 *     inputs of one that has to be in memory for an importance
 */
@ConfigurationProperties("backprop.limits")
public record RequestLimits(
        @DefaultValue("64MB") DataSize body,
        @DefaultValue("1GB") DataSize stream,
        @DefaultValue("4GB") DataSize answer,
        @DefaultValue("64") int layers,
        @DefaultValue("8192") int units,
        @DefaultValue("50000000") long parameters,
        @DefaultValue("1000000") int epochs,
        @DefaultValue("1e15") double work,
        @DefaultValue("PT1H") Duration time,
        @DefaultValue("1e12") double predictionWork,
        @DefaultValue("33554432") long numbers) {

    private static final long MOST_PARAMETERS = 200_000_000; // what a row of the store can hold
    private static final Duration LONGEST_TIME = Duration.ofDays(36_500);
    private static final int OPERATIONS_PER_PARAMETER = 6;
    private static final int OPERATIONS_OF_PREDICTION = 2;

    public RequestLimits {
        requireArgument(body.toBytes() >= 1, "backprop.limits.body must be at least 1 byte, but was %s", body);
        requireArgument(stream.toBytes() >= 1, "backprop.limits.stream must be at least 1 byte, but was %s", stream);
        requireArgument(answer.toBytes() >= 1, "backprop.limits.answer must be at least 1 byte, but was %s", answer);
        requireArgument(layers >= 1, "backprop.limits.layers must be at least 1, but was %d", layers);
        requireArgument(units >= 1, "backprop.limits.units must be at least 1, but was %d", units);
        requireArgument(
                parameters >= 1 && parameters <= MOST_PARAMETERS,
                "backprop.limits.parameters must be between 1 and %d, but was %d",
                MOST_PARAMETERS,
                parameters);
        requireArgument(epochs >= 1, "backprop.limits.epochs must be at least 1, but was %d", epochs);
        requireArgument(work >= 1, "backprop.limits.work must be at least 1, but was %s", work);
        requireArgument(
                !time.isNegative() && !time.isZero() && time.compareTo(LONGEST_TIME) <= 0,
                "backprop.limits.time must be longer than 0 and at most %s, but was %s",
                LONGEST_TIME,
                time);
        requireArgument(
                predictionWork >= 1, "backprop.limits.prediction-work must be at least 1, but was %s", predictionWork);
        requireArgument(numbers >= 1, "backprop.limits.numbers must be at least 1, but was %d", numbers);
    }

    /**
     * Refuses a model of too many layers.
     *
     * @param field where the number of layers comes from
     * @param count hidden layers and output layer
     */
    public void requireLayers(String field, int count) {
        require(
                count <= layers,
                field,
                "a model may have at most %d layers, but this one would have %d",
                layers,
                count);
    }

    /** Refuses a layer of too many units, which the named field asks for. */
    public void requireUnits(String field, int count) {
        require(count <= units, field, "a layer may have at most %d units, but this one would have %d", units, count);
    }

    /**
     * Refuses a model that is too large.
     *
     * @param field where the model's size comes from
     * @param count weights and biases
     */
    public void requireParameters(String field, long count) {
        require(
                count <= parameters,
                field,
                "a model may have at most %d parameters, but this one would have %d",
                parameters,
                count);
    }

    /**
     * Refuses a training of too many epochs.
     *
     * @param folds of a cross-validation, each of which takes all of the epochs; 0 for a training
     */
    public void requireEpochs(int count, int folds) {
        if (folds == 0) {
            require(count <= epochs, "epochs", "epochs must be at most %d, but was %d", epochs, count);
        } else {
            require(
                    (long) folds * count <= epochs,
                    "epochs",
                    "folds × epochs must be at most %d, but was %d × %d",
                    epochs,
                    folds,
                    count);
        }
    }

    /**
     * Refuses a training that would never end.
     *
     * @param examples of an epoch, those only checked counted as a third of one
     * @param folds as for {@link #requireEpochs}
     */
    public void requireWork(double examples, int epochs, int folds, long parameterCount) {
        double operations = examples * epochs * Math.max(1, folds) * parameterCount * OPERATIONS_PER_PARAMETER;
        require(
                operations <= work,
                "epochs",
                "a training may take at most %.1e floating-point operations (examples × epochs × %sparameters × 6), but"
                        + " this one would take %.1e",
                work,
                folds == 0 ? "" : "folds × ",
                operations);
    }

    /**
     * Refuses a prediction or evaluation that would keep a processor busy for minutes.
     *
     * @param field where the rows come from
     */
    public void requirePrediction(String field, long rows, long parameterCount) {
        double operations = (double) rows * parameterCount * OPERATIONS_OF_PREDICTION;
        require(
                operations <= predictionWork,
                field,
                "a request may take at most %.1e floating-point operations (rows × parameters × 2), but this one would"
                        + " take %.1e",
                predictionWork,
                operations);
    }

    /**
     * As {@link #requirePrediction}, for rows that are predicted for again and again.
     *
     * @param field where the rows come from
     * @param passes of all rows: one, and one for each feature and repeat
     */
    public void requireImportance(String field, int rows, long parameterCount, long passes) {
        double operations = (double) rows * parameterCount * OPERATIONS_OF_PREDICTION * passes;
        require(
                operations <= predictionWork,
                field,
                "a request may take at most %.1e floating-point operations (rows × parameters × 2 × (1 + features ×"
                        + " repeats)), but this one would take %.1e",
                predictionWork,
                operations);
    }

    /**
     * Refuses a short request that would make a large matrix.
     *
     * @param field where the rows come from
     */
    public void requireNumbers(String field, int rows, int outputs) {
        requireNumbers(field, rows, "outputs", outputs);
    }

    /** Refuses a table whose rows have to be in memory together, and would take too much of it. */
    public void requireInputs(String field, int rows, int inputs) {
        requireNumbers(field, rows, "inputs", inputs);
    }

    /** Refuses a table whose words would make a large matrix. */
    public void requireCategories(String field, int rows, int categories) {
        requireNumbers(field, rows, "categories", categories);
    }

    private void requireNumbers(String field, int rows, String name, int columns) {
        require(
                (long) rows * columns <= numbers,
                field,
                "a request may have at most %d rows × %s, but this one has %d × %d",
                numbers,
                name,
                rows,
                columns);
    }

    /** Refuses a short request whose answer would fill the disk. */
    public void requireAnswer(long bytes) {
        require(
                bytes <= answer.toBytes(),
                "rows",
                "an answer may have at most %d bytes, but that to these rows would have more",
                answer.toBytes());
    }

    public void requireTime(double seconds) {
        require(
                seconds * 1e9 <= time.toNanos(),
                "timeLimitSeconds",
                "timeLimitSeconds must be at most %d, but was %s",
                time.toSeconds(),
                seconds);
    }

    private static void require(boolean within, String field, String format, Object... arguments) {
        if (!within) {
            throw new LimitExceededException(field, String.format(Locale.ROOT, format, arguments));
        }
    }
}
