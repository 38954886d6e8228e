package io.backprop.model.web;

import io.backprop.model.Model;
import org.springframework.boot.jackson.JacksonComponent;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/** Represents a model, so that the controllers of other features can respond with one. */
@JacksonComponent
class ModelSerializer extends ValueSerializer<Model> {

    @Override
    public void serialize(Model model, JsonGenerator generator, SerializationContext context) {
        context.writeValue(generator, ModelResponse.of(model));
    }
}
