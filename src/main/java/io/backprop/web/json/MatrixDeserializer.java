package io.backprop.web.json;

import io.backprop.engine.Matrix;
import io.backprop.limits.MemoryBudget;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** A list of rows, each a list of numbers. */
final class MatrixDeserializer extends StdDeserializer<Matrix> {

    private final MemoryBudget memory;

    MatrixDeserializer(MemoryBudget memory) {
        super(Matrix.class);
        this.memory = memory;
    }

    @Override
    public Matrix deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonInputException.mustBe("a list of rows of numbers", parser);
        }
        MatrixReader reader = new MatrixReader(parser, MatrixReader.nameOf(parser), memory);
        parser.nextToken();
        return reader.readRows();
    }
}
