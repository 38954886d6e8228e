package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.EpochReport;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat of a training, which renews its claim.
 *
 * @param epoch the last completed epoch; null before the first
 * @param seconds time spent in the training, by this and earlier drivers
 */
public record ProgressReport(long lease, @Nullable EpochReport epoch, double seconds) {

    private static final int MAX_SECONDS = 10_000 * 24 * 60 * 60; // 10,000 days

    public ProgressReport {
        requireSeconds(seconds);
        if (epoch != null) {
            requireArgument(
                    epoch.epoch() >= 1 && Double.isFinite(epoch.loss()),
                    "epoch must be at least 1 and have a finite loss, but was %s",
                    epoch);
        }
    }

    static void requireSeconds(double seconds) {
        requireArgument(
                seconds >= 0 && seconds < MAX_SECONDS,
                "seconds must be at least 0 and less than %d, but was %s",
                MAX_SECONDS,
                seconds);
    }
}
