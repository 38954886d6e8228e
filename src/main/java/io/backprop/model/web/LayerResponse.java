package io.backprop.model.web;

import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.NetworkSpec;
import io.backprop.model.Architecture;
import io.backprop.model.ModelSpec;
import io.backprop.model.TabularPreset;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A layer of a model; what is unknown before the first training is null. */
@Schema(name = "Layer")
record LayerResponse(
        @Nullable Integer units,
        @Nullable Activation activation,
        float dropout,
        @Nullable Integer parameters) {

    /** The hidden layers and the output layer. */
    static List<LayerResponse> of(ModelSpec model) {
        Architecture architecture = model.architecture();
        boolean open = model.isOpen(TabularPreset.Setting.ACTIVATION);
        NetworkSpec network = architecture.networkSpec().orElse(null);
        List<LayerResponse> layers = new ArrayList<>();
        for (LayerSpec hidden : architecture.hidden()) {
            layers.add(of(hidden, open ? null : hidden.activation(), network, layers.size()));
        }
        layers.add(architecture
                .output()
                .map(output -> of(output, output.activation(), network, layers.size()))
                .orElse(new LayerResponse(
                        architecture.outputs(), architecture.outputLayer().fixedActivation(), 0, null)));
        return layers;
    }

    private static LayerResponse of(
            LayerSpec layer, @Nullable Activation activation, @Nullable NetworkSpec network, int index) {
        Integer parameters = network == null ? null : network.parameterCount(index);
        return new LayerResponse(layer.units(), activation, layer.dropout(), parameters);
    }
}
