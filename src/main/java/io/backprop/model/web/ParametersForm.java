package io.backprop.model.web;

import static java.util.Objects.requireNonNull;

import io.backprop.engine.LayerParameters;
import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.model.InvalidInputException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of the parameters: for each layer a row of weights and a bias per unit.
 *
 * @param layers of a model of one network
 * @param networks of an ensemble
 */
@Schema(name = "ModelParameters")
record ParametersForm(
        @Nullable @Size(min = 1) List<@NotNull @Valid LayerForm> layers,

        @Nullable @Size(min = 1) List<@NotNull @Valid NetworkForm> networks) {

    @Schema(name = "LayerParameters")
    record LayerForm(@NotNull Matrix weights, @NotNull Vector biases) {}

    @Schema(name = "NetworkParameters")
    record NetworkForm(@NotEmpty List<@NotNull @Valid LayerForm> layers) {

        List<LayerParameters> toLayers() {
            return layers.stream()
                    .map(layer -> new LayerParameters(layer.weights(), layer.biases()))
                    .toList();
        }
    }

    /** The field that the networks come from. */
    String field() {
        return networks == null ? "layers" : "networks";
    }

    List<List<LayerParameters>> toNetworks() {
        InvalidInputException.require(
                "layers",
                (layers == null) != (networks == null),
                layers == null
                        ? "layers is required, or networks for an ensemble"
                        : "layers and networks exclude each other; networks are those of an ensemble");
        return networks == null
                ? List.of(new NetworkForm(requireNonNull(layers)).toLayers())
                : networks.stream().map(NetworkForm::toLayers).toList();
    }
}
