package io.backprop.web.json;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.KeepBest;
import io.backprop.engine.Metric;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/** {@link KeepBest} with a patience as JSON; the engine's defaults apply to what is absent. */
@Schema(name = "EarlyStopping")
public record EarlyStoppingForm(
        @Nullable @Min(1) Integer patience,
        @Nullable @PositiveOrZero Float minDelta,
        @Nullable Metric monitor) {

    public static @Nullable EarlyStoppingForm of(@Nullable KeepBest keepBest) {
        return keepBest == null || keepBest.patience() == null
                ? null
                : new EarlyStoppingForm(keepBest.patience(), keepBest.minDelta(), keepBest.monitor());
    }

    public KeepBest toKeepBest() {
        return KeepBest.stoppingEarly(
                requireNonNullElse(patience, KeepBest.DEFAULT_PATIENCE),
                requireNonNullElse(minDelta, KeepBest.DEFAULT_MIN_DELTA),
                requireNonNullElse(monitor, KeepBest.DEFAULT_MONITOR));
    }
}
