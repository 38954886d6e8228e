package io.backprop.web.json;

import io.backprop.engine.Vector;
import io.backprop.tabular.ChunkedFloatArray;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** A flat list of numbers. */
final class VectorDeserializer extends StdDeserializer<Vector> {

    VectorDeserializer() {
        super(Vector.class);
    }

    @Override
    public Vector deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonInputException.mustBe("a list of numbers", parser);
        }
        ChunkedFloatArray values = new ChunkedFloatArray();
        parser.nextToken();
        MatrixReader.readNumbers(parser, values);
        return Vector.wrap(values.toArray());
    }
}
