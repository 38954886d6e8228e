package io.backprop.model;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LayerParameters;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import java.util.List;

/** Whether parameters that a client sends are those of a network, layer by layer. */
final class ParameterShapes {

    private ParameterShapes() {}

    /** The network of these parameters, one pair for each of its layers; refuses others at the first that doesn't fit. */
    static Network network(NetworkSpec spec, List<LayerParameters> layers) {
        for (int layer = 0; layer < layers.size(); layer++) {
            try {
                layers.get(layer).requireShape(layer, spec.layers().get(layer).units(), spec.inputsOf(layer));
            } catch (InvalidArgumentException e) {
                throw new InvalidInputException("/layers/" + layer, e);
            }
        }
        return Network.of(spec, layers);
    }
}
