package io.backprop.interchange;

import io.backprop.model.Model;

/** The description of a version of a model as JSON: everything but its parameters, and when the model was created. */
public interface ModelDescriptions {

    /** Equal models have equal descriptions. */
    String write(Model model);

    /**
     * Reads a description, which may come from an untrusted source.
     *
     * @throws ModelFileException if it is not one, or if its parts contradict each other
     */
    ModelDescription read(String json);
}
