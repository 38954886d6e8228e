package io.backprop.model.web;

import io.backprop.engine.Matrix;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;

/** Rows to predict for. */
@Schema(name = "Predict")
record PredictRequest(@NotNull Matrix inputs) {}
