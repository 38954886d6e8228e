package io.backprop.model.web;

import io.backprop.engine.LayerParameters;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/** A network's parameters on the wire: per layer one row of weights and one bias for each unit. */
@Schema(name = "Parameters")
record ParametersForm(@NotEmpty List<@NotNull @Valid LayerForm> layers) {

    @Schema(name = "LayerParameters")
    record LayerForm(@NotNull Matrix weights, @NotNull Vector biases) {}

    static ParametersForm of(List<LayerParameters> layers) {
        return new ParametersForm(layers.stream()
                .map(layer -> new LayerForm(layer.weights(), layer.biases()))
                .toList());
    }

    List<LayerParameters> toLayers() {
        return layers.stream()
                .map(layer -> new LayerParameters(layer.weights(), layer.biases()))
                .toList();
    }
}
