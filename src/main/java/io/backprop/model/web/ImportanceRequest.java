package io.backprop.model.web;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.Matrix;
import io.backprop.model.Permutations;
import io.backprop.tabular.Targets;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** Rows whose targets are known, and how often to permute them. */
@Schema(name = "MeasureImportance")
record ImportanceRequest(
        @NotNull Matrix inputs,
        @NotNull Targets targets,
        @Nullable @Min(1) @Max(100) Integer repeats,
        @Nullable Long seed) {

    Permutations toPermutations() {
        return new Permutations(requireNonNullElse(repeats, Permutations.DEFAULT_REPEATS), seed);
    }
}
