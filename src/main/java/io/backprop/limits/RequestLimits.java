package io.backprop.limits;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Locale;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits on a single request.
 *
 * @param body size of a request body
 * @param stream size of a request body that is a CSV or NDJSON table, after decompression, or a model as a file
 * @param response size of a response in CSV or NDJSON, which is spooled to disk until it is complete
 * @param compressionRatio size of a compressed body after decompression, relative to its size before, beyond the first 4 MB
 * @param layers layers of a model, including the output layer
 * @param units units of a layer
 * @param parameters weights and biases of a model, of all its networks
 * @param epochs epochs of a training, of all networks of an ensemble and of all folds of a cross-validation together
 * @param trainingFlops floating-point operations of a training: examples × epochs × parameters × 6, for a
 *     cross-validation × folds, for an ensemble × networks
 * @param time duration of a training
 * @param predictionFlops floating-point operations of a prediction or evaluation: rows × parameters × 2, for an
 *     importance × (1 + features × repeats)
 * @param cells numbers that are computed from a request: rows × outputs, rows × categories of a table, and rows ×
 *     inputs of a table that an importance keeps in memory
 */
@Validated
@ConfigurationProperties("backprop.limits")
public record RequestLimits(
        @DefaultValue("64MB") DataSize body,
        @DefaultValue("1GB") DataSize stream,
        @DefaultValue("4GB") DataSize response,
        @DefaultValue("100") @Min(1) int compressionRatio,
        @DefaultValue("64") @Min(1) int layers,
        @DefaultValue("8192") @Min(1) int units,

        @DefaultValue("50000000") @Min(1) @Max(MAX_PARAMETERS)
        long parameters,

        @DefaultValue("1000000") @Min(1) int epochs,
        @DefaultValue("1e15") @Min(1) double trainingFlops,

        @DefaultValue("PT1H") @DurationMin(nanos = 1) @DurationMax(days = 36_500)
        Duration time,

        @DefaultValue("1e12") @Min(1) double predictionFlops,
        @DefaultValue("33554432") @Min(1) long cells) {

    private static final long MAX_PARAMETERS = 200_000_000; // fit a row of the store
    private static final int TRAINING_FLOPS_PER_PARAMETER = 6;
    private static final int PREDICTION_FLOPS_PER_PARAMETER = 2;

    public RequestLimits {
        requirePositive("body", body);
        requirePositive("stream", stream);
        requirePositive("response", response);
    }

    private static void requirePositive(String name, DataSize size) {
        requireArgument(size.toBytes() >= 1, "backprop.limits.%s must be at least 1 byte, but was %s", name, size);
    }

    /**
     * Rejects a model with too many layers.
     *
     * @param field the field that determines the number of layers
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

    /** Rejects a layer with too many units, which the named field asks for. */
    public void requireUnits(String field, int count) {
        require(count <= units, field, "a layer may have at most %d units, but this one would have %d", units, count);
    }

    /**
     * Rejects a model that is too large.
     *
     * @param field the field that determines the model's size
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
     * Rejects a training with too many epochs.
     *
     * @param folds folds of a cross-validation, each of which takes all of the epochs; 0 for a training
     * @param networks networks of the model, each of which takes all of them too
     */
    public void requireEpochs(int count, int folds, int networks) {
        require(
                (double) Math.max(1, folds) * networks * count <= epochs,
                "epochs",
                "%sepochs must be at most %d, but was %s%d",
                factors(folds, networks, "folds × ", "networks × "),
                epochs,
                factors(folds, networks, folds + " × ", networks + " × "),
                count);
    }

    private static String factors(int folds, int networks, String ofFolds, String ofNetworks) {
        return (folds == 0 ? "" : ofFolds) + (networks == 1 ? "" : ofNetworks);
    }

    /**
     * Rejects a training that would take too long to compute.
     *
     * @param examples examples of an epoch; a validation example counts as a third of one
     * @param folds as for {@link #requireEpochs}
     * @param networks as for {@link #requireEpochs}
     * @param parameterCount of each network
     */
    public void requireTrainingFlops(double examples, int epochs, int folds, int networks, long parameterCount) {
        double flops =
                examples * epochs * Math.max(1, folds) * networks * parameterCount * TRAINING_FLOPS_PER_PARAMETER;
        require(
                flops <= trainingFlops,
                "epochs",
                "a training may take at most %.1e floating-point operations (examples × epochs × %sparameters × 6), but"
                        + " this one would take %.1e",
                trainingFlops,
                factors(folds, networks, "folds × ", "networks × "),
                flops);
    }

    /**
     * Rejects a prediction, evaluation or importance that would take too long to compute.
     *
     * @param field the field that holds the rows
     * @param passes predictions for all rows: 1, and for an importance another for each feature and repeat
     * @return the number of floating-point operations
     */
    public double requirePredictionFlops(String field, long rows, long parameterCount, long passes) {
        double flops = (double) rows * parameterCount * PREDICTION_FLOPS_PER_PARAMETER * passes;
        require(
                flops <= predictionFlops,
                field,
                "a request may take at most %.1e floating-point operations (rows × parameters × 2%s), but this one"
                        + " would take %.1e",
                predictionFlops,
                passes == 1 ? "" : " × (1 + features × repeats)",
                flops);
        return flops;
    }

    /**
     * Rejects a request for which too many numbers would be computed.
     *
     * @param field the field that holds the rows
     * @param name the term for the columns, {@code outputs}
     */
    public void requireCells(String field, int rows, String name, int columns) {
        require(
                (long) rows * columns <= cells,
                field,
                "a request may have at most %d rows × %s, but this one has %d × %d",
                cells,
                name,
                rows,
                columns);
    }

    /** Rejects a request whose response would take too much space on the disk. */
    public void requireResponse(long bytes) {
        require(
                bytes <= response.toBytes(),
                "rows",
                "a response may have at most %d bytes, but the response to these rows would have more",
                response.toBytes());
    }

    /** Rejects a training with too long a time limit. */
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
