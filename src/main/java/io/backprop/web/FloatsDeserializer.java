package io.backprop.web;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** A flat list of numbers. */
final class FloatsDeserializer extends StdDeserializer<float[]> {

    FloatsDeserializer() {
        super(float[].class);
    }

    @Override
    public float[] deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonInputException.mustBe("a list of numbers", parser);
        }
        PackedFloats values = new PackedFloats();
        parser.nextToken();
        MatrixReader.readNumbers(parser, values);
        return values.toArray();
    }
}
