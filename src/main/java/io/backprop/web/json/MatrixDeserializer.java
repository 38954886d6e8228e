package io.backprop.web.json;

import io.backprop.engine.Matrix;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** A list of rows, each a list of numbers. */
final class MatrixDeserializer extends StdDeserializer<Matrix> {

    MatrixDeserializer() {
        super(Matrix.class);
    }

    @Override
    public Matrix deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonInputException.mustBe("a list of rows of numbers", parser);
        }
        MatrixReader reader = new MatrixReader(parser, MatrixReader.nameOf(parser));
        parser.nextToken();
        return reader.readRows();
    }
}
