package io.backprop.model.web;

import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The parameters in the form of {@link ParametersForm}. The weights are read from the network while they are written, one
 * unit at a time, so that a client that reads slowly occupies no memory (MemoryLoadTests).
 */
record ParametersResponse(List<StreamedLayer> layers) {

    record StreamedLayer(Iterable<Vector> weights, Vector biases) {}

    static ParametersResponse of(Network network) {
        NetworkSpec spec = network.spec();
        return new ParametersResponse(IntStream.range(0, spec.layers().size())
                .mapToObj(layer -> new StreamedLayer(
                        () -> IntStream.range(0, spec.layers().get(layer).units())
                                .mapToObj(unit -> network.weights(layer, unit))
                                .iterator(),
                        network.biases(layer)))
                .toList());
    }
}
