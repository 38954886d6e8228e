package io.backprop.openinference;

import java.util.List;

/**
 * A request that fits the signature of a model.
 *
 * @param id for the response
 * @param inputs either all columns of a table, in any order, or the matrix; all with the same number of rows
 * @param outputs in the order of the response
 */
public record InferenceRequest(String id, List<InferenceInput> inputs, List<RequestedOutput> outputs) {

    public InferenceRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
