package io.backprop.openinference;

import io.backprop.model.Model;
import java.util.List;

/**
 * The response to a request.
 *
 * @param id of the request
 * @param warnings about categories that the model has not learned
 */
public record InferenceResponse(Model model, String id, List<InferenceOutput> outputs, List<String> warnings) {}
