package io.backprop.model.web;

import io.backprop.engine.LayerParameters;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/** The JSON form of the parameters: for each layer a row of weights and a bias per unit. */
@Schema(name = "ModelParameters")
record ParametersForm(@NotEmpty List<@NotNull @Valid LayerForm> layers) {

    @Schema(name = "LayerParameters")
    record LayerForm(@NotNull Matrix weights, @NotNull Vector biases) {}

    List<LayerParameters> toLayers() {
        return layers.stream()
                .map(layer -> new LayerParameters(layer.weights(), layer.biases()))
                .toList();
    }
}
