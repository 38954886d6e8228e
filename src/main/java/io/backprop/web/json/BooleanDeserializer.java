package io.backprop.web.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** True or false of a request; Jackson's own would not tell which text was received instead. */
final class BooleanDeserializer extends StdDeserializer<Boolean> {

    BooleanDeserializer() {
        super(Boolean.class);
    }

    @Override
    public Boolean deserialize(JsonParser parser, DeserializationContext context) {
        JsonToken token = parser.currentToken();
        if (!token.isBoolean()) {
            throw JsonInputException.mustBe("true or false", parser);
        }
        return token == JsonToken.VALUE_TRUE;
    }
}
