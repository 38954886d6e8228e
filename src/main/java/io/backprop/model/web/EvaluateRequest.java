package io.backprop.model.web;

import io.backprop.engine.Matrix;
import io.backprop.tabular.Targets;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;

/** Rows whose targets are known. */
@Schema(name = "Evaluate")
record EvaluateRequest(@NotNull Matrix inputs, @NotNull Targets targets) {}
