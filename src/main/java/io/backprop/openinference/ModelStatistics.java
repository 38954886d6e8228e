package io.backprop.openinference;

/**
 * The inferences of a version of a model.
 *
 * @param lastInference when the last one succeeded, in milliseconds since 1970; 0 if none has
 * @param inferences rows of the inferences that succeeded
 * @param success inferences that succeeded, and their whole duration
 * @param fail inferences that failed, and their duration
 */
public record ModelStatistics(
        long lastInference,
        long inferences,
        Duration success,
        Duration fail,
        Duration queue,
        Duration computeInput,
        Duration computeInfer,
        Duration computeOutput) {

    static final ModelStatistics NONE = new ModelStatistics(
            0, 0, Duration.NONE, Duration.NONE, Duration.NONE, Duration.NONE, Duration.NONE, Duration.NONE);

    /** A sum of durations. */
    public record Duration(long count, long nanos) {

        static final Duration NONE = new Duration(0, 0);

        static Duration of(long nanos) {
            return new Duration(1, nanos);
        }

        Duration plus(Duration other) {
            return new Duration(count + other.count, nanos + other.nanos);
        }
    }

    static ModelStatistics ofSuccess(long time, int rows, InferenceDurations durations) {
        return new ModelStatistics(
                time,
                rows,
                Duration.of(durations.total()),
                Duration.NONE,
                Duration.of(durations.queue()),
                Duration.of(durations.computeInput()),
                Duration.of(durations.computeInfer()),
                Duration.of(durations.computeOutput()));
    }

    static ModelStatistics ofFailure(long nanos) {
        return new ModelStatistics(
                0, 0, Duration.NONE, Duration.of(nanos), Duration.NONE, Duration.NONE, Duration.NONE, Duration.NONE);
    }

    ModelStatistics plus(ModelStatistics other) {
        return new ModelStatistics(
                Math.max(lastInference, other.lastInference),
                inferences + other.inferences,
                success.plus(other.success),
                fail.plus(other.fail),
                queue.plus(other.queue),
                computeInput.plus(other.computeInput),
                computeInfer.plus(other.computeInfer),
                computeOutput.plus(other.computeOutput));
    }

    /** How often the network was run. */
    public long executions() {
        return success.count();
    }
}
