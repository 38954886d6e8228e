package io.backprop.model.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Ensemble;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The parameters in the form of {@link ParametersForm}. The weights are read from the network while they are written, one
 * unit at a time, so that a client that reads slowly occupies no memory (MemoryLoadTests).
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ParametersResponse(
        @Nullable List<StreamedLayer> layers, @Nullable List<StreamedNetwork> networks) {

    record StreamedLayer(Iterable<Vector> weights, Vector biases) {}

    record StreamedNetwork(List<StreamedLayer> layers) {}

    static ParametersResponse of(Ensemble ensemble) {
        return ensemble.networks().size() == 1
                ? new ParametersResponse(layers(ensemble.networks().get(0)), null)
                : new ParametersResponse(
                        null,
                        ensemble.networks().stream()
                                .map(network -> new StreamedNetwork(layers(network)))
                                .toList());
    }

    private static List<StreamedLayer> layers(Network network) {
        NetworkSpec spec = network.spec();
        return IntStream.range(0, spec.layers().size())
                .mapToObj(layer -> new StreamedLayer(
                        () -> IntStream.range(0, spec.layers().get(layer).units())
                                .mapToObj(unit -> network.weights(layer, unit))
                                .iterator(),
                        network.biases(layer)))
                .toList();
    }
}
