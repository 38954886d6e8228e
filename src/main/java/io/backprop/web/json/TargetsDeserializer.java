package io.backprop.web.json;

import io.backprop.engine.Matrix;
import io.backprop.tabular.ChunkedFloatArray;
import io.backprop.tabular.LabelEncoding;
import io.backprop.tabular.Targets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** Rows of numbers, a flat list of numbers, or a flat list of labels; the first element says which. */
final class TargetsDeserializer extends StdDeserializer<Targets> {

    TargetsDeserializer() {
        super(Targets.class);
    }

    @Override
    public Targets deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonInputException.mustBe("a list of numbers, of rows of numbers or of labels", parser);
        }
        String name = MatrixReader.nameOf(parser);
        JsonToken first = parser.nextToken();
        if (first == JsonToken.VALUE_STRING || first.isBoolean()) {
            return readLabels(parser, first.isBoolean());
        }
        return new Targets.Numbers(first.isNumeric() ? readColumn(parser) : new MatrixReader(parser, name).readRows());
    }

    private Matrix readColumn(JsonParser parser) {
        ChunkedFloatArray values = new ChunkedFloatArray();
        int rows = MatrixReader.readNumbers(parser, values);
        return Matrix.wrap(rows, 1, values.toArray());
    }

    private static Targets readLabels(JsonParser parser, boolean booleans) {
        Map<String, String> known = new HashMap<>(); // one String per class, however many rows
        List<String> labels = new ArrayList<>();
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            try {
                String label = booleans ? readBoolean(parser) : readText(parser);
                labels.add(known.computeIfAbsent(label, same -> same));
                if (known.size() > LabelEncoding.MAX_LABELS) {
                    throw JsonInputException.invalid(
                            "there may be at most " + LabelEncoding.MAX_LABELS
                                    + " different labels, but there are more",
                            parser);
                }
                parser.nextToken();
            } catch (JacksonException e) {
                throw e.prependPath(labels, labels.size());
            }
        }
        return new Targets.Labels(labels);
    }

    private static String readBoolean(JsonParser parser) {
        if (!parser.currentToken().isBoolean()) {
            throw JsonInputException.mustBe("true or false like the labels before it", parser);
        }
        return parser.getString();
    }

    private static String readText(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw JsonInputException.mustBe("text like the labels before it", parser);
        }
        String label = parser.getString();
        if (label.isBlank()) {
            throw JsonInputException.invalid("a label must not be blank", parser);
        }
        if (label.length() > LabelEncoding.MAX_LABEL_LENGTH) {
            throw JsonInputException.invalid(
                    "a label must have at most " + LabelEncoding.MAX_LABEL_LENGTH + " characters, but has "
                            + label.length(),
                    parser);
        }
        return label;
    }
}
