package io.backprop.web.json;

import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Targets;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ValueDescriptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads rows of numbers, a list of numbers, or a list of classes. The first element tells which. */
final class JsonTargets {

    private JsonTargets() {}

    static Targets read(JsonParser parser) {
        JsonNumbers.requireList(parser, "a list of numbers, of rows of numbers or of classes");
        String name = JsonNumbers.nameOf(parser);
        JsonToken first = parser.nextToken();
        if (first == JsonToken.VALUE_STRING || first.isBoolean()) {
            return new Targets.Labels(readLabels(parser, first.isBoolean()));
        }
        if (first.isNumeric()) {
            return new Targets.Numbers(JsonNumbers.readColumn(parser), true);
        }
        if (first != JsonToken.START_ARRAY && first != JsonToken.END_ARRAY) {
            throw JsonInputException.of(
                    ProblemType.UNREADABLE_FIELD,
                    "each of " + name + " must be a number, a row of numbers or a class, but row 0 was "
                            + ValueDescriptions.received(parser),
                    parser);
        }
        try {
            return new Targets.Numbers(JsonNumbers.readRows(parser, name));
        } catch (JsonInputException e) {
            throw parser.currentToken() == JsonToken.VALUE_STRING
                    ? e.with("; classes are sent as a flat list, such as [\"no\", \"yes\"]", parser)
                    : e;
        }
    }

    private static List<String> readLabels(JsonParser parser, boolean booleans) {
        Map<String, String> known = new HashMap<>(); // one String per class, however many rows
        List<String> labels = new ArrayList<>();
        try {
            while (parser.currentToken() != JsonToken.END_ARRAY) {
                String label = booleans ? readBoolean(parser) : readText(parser);
                labels.add(known.computeIfAbsent(label, same -> same));
                if (known.size() > ClassEncoding.MAX_CLASSES) {
                    throw JsonInputException.invalid(
                            "there may be at most " + ClassEncoding.MAX_CLASSES
                                    + " different classes, but there are more",
                            parser);
                }
                parser.nextToken();
            }
        } catch (JacksonException e) {
            throw e.prependPath(labels, labels.size());
        }
        return labels;
    }

    private static String readBoolean(JsonParser parser) {
        if (!parser.currentToken().isBoolean()) {
            throw JsonInputException.mustBe("true or false like the classes before it", parser);
        }
        return parser.getString();
    }

    private static String readText(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw JsonInputException.mustBe("text like the classes before it", parser);
        }
        String label = parser.getString();
        if (label.isBlank()) {
            throw JsonInputException.invalid("a class must not be blank", parser);
        }
        if (label.length() > ClassEncoding.MAX_NAME_LENGTH) {
            throw JsonInputException.invalid(
                    "a class must have at most " + ClassEncoding.MAX_NAME_LENGTH + " characters, but has "
                            + label.length(),
                    parser);
        }
        return label;
    }
}
