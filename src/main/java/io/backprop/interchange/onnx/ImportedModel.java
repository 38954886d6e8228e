package io.backprop.interchange.onnx;

import io.backprop.engine.Ensemble;
import io.backprop.model.ModelSpec;
import java.util.List;

/**
 * A model that was read from a graph.
 *
 * @param spec with the defaults of a model that is described by its hidden layers, for further trainings
 * @param warnings what was assumed, and what differs from the file
 */
public record ImportedModel(ModelSpec spec, Ensemble ensemble, List<String> warnings) {

    public ImportedModel {
        warnings = List.copyOf(warnings);
    }
}
