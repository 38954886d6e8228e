package io.backprop.openinference.web;

import io.backprop.web.json.FunctionDeserializer;
import org.springframework.stereotype.Component;
import tools.jackson.databind.module.SimpleModule;

/** Reads the data of inputs straight into packed values. */
@Component
class JsonTensorModule extends SimpleModule {

    private static final long serialVersionUID = 1;

    JsonTensorModule() {
        super("tensors");
        addDeserializer(JsonTensor.class, new FunctionDeserializer<>(JsonTensor.class, JsonTensor::read));
    }
}
