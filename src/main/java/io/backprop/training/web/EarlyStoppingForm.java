package io.backprop.training.web;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.EarlyStopping;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/** {@link EarlyStopping} as JSON; the engine's defaults apply to what is absent. */
@Schema(name = "EarlyStopping")
record EarlyStoppingForm(
        @Nullable @Min(1) Integer patience,
        @Nullable @PositiveOrZero Float minDelta,
        EarlyStopping.@Nullable Monitor monitor) {

    static EarlyStoppingForm of(EarlyStopping stopping) {
        return new EarlyStoppingForm(stopping.patience(), stopping.minDelta(), stopping.monitor());
    }

    EarlyStopping toEarlyStopping() {
        EarlyStopping defaults = new EarlyStopping();
        return new EarlyStopping(
                requireNonNullElse(patience, defaults.patience()),
                requireNonNullElse(minDelta, defaults.minDelta()),
                requireNonNullElse(monitor, defaults.monitor()));
    }
}
