package io.backprop.model.web;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.InvalidInputException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** An {@link EnsembleSpec} as JSON: an object, or the number of networks alone. */
@Schema(name = "Ensemble")
record EnsembleForm(
        @NotNull @Min(1) @Max(EnsembleSpec.MAX_SIZE) Integer size, EnsembleSpec.@Nullable By by) {

    @JsonCreator
    EnsembleForm {}

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static EnsembleForm of(int size) {
        return new EnsembleForm(size, null);
    }

    static EnsembleForm of(EnsembleSpec ensemble) {
        return new EnsembleForm(ensemble.size(), ensemble.by());
    }

    EnsembleSpec toSpec() {
        try {
            return new EnsembleSpec(size, requireNonNullElse(by, EnsembleSpec.SINGLE.by()));
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException("/ensemble/size", e);
        }
    }
}
