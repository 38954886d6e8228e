package io.backprop.openinference.web;

import io.backprop.model.InvalidInputException;
import io.backprop.openinference.DataType;
import io.backprop.openinference.InferenceInput;
import io.backprop.openinference.PackedTexts;
import io.backprop.openinference.TensorSpec;
import io.backprop.tabular.ChunkedFloatArray;
import io.backprop.web.json.JsonInputException;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ValueDescriptions;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The data of an input in JSON: a flat list of elements in row-major order, or lists nested as the shape says. It is packed
 * while it is read, before the shape and the type of the elements are known, because these may follow it.
 */
final class JsonTensor {

    private static final int MAX_DEPTH = 8;
    private static final String TOO_DEEP = "data may have lists nested at most " + MAX_DEPTH + " deep";
    private static final int UNKNOWN = -1;
    private static final int MAX_NUMBER_LENGTH = 40; // characters in a message

    private enum Kind {
        NUMBERS("a number"),
        TRUTH_VALUES("true or false"),
        TEXTS("text");

        private final String one;

        Kind(String one) {
            this.one = one;
        }
    }

    private final ChunkedFloatArray numbers = new ChunkedFloatArray(); // NaN for null, also before the first text
    private @Nullable PackedTexts texts; // empty for null
    private @Nullable Kind kind; // of all elements but null
    private int count;
    private final List<Integer> lengths = new ArrayList<>(); // of the lists, by depth
    private int elementDepth = UNKNOWN; // of the lists that have the elements

    private @Nullable Number least; // integer
    private @Nullable Number greatest;
    private float largest; // absolute value
    private @Nullable String fraction; // the first element that is written with a point or an exponent

    private JsonTensor() {}

    /** Reads a list, whose first token is the current one. */
    static JsonTensor read(JsonParser parser) {
        if (!parser.isExpectedStartArrayToken()) {
            throw JsonInputException.mustBe("a list of elements, such as [5.1, 3.5]", parser);
        }
        JsonTensor tensor = new JsonTensor();
        tensor.readList(parser, 0);
        return tensor;
    }

    private void readList(JsonParser parser, int depth) {
        require(depth < MAX_DEPTH, TOO_DEEP, parser);
        if (lengths.size() == depth) {
            lengths.add(UNKNOWN);
        }
        int length = 0;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            boolean isList = token == JsonToken.START_ARRAY;
            requireRegular(isList ? elementDepth == UNKNOWN || elementDepth > depth : isElementDepth(depth), parser);
            if (isList) {
                readList(parser, depth + 1);
            } else {
                readElement(token, parser);
            }
            length++;
        }
        requireRegular(lengths.get(depth) == UNKNOWN || lengths.get(depth) == length, parser);
        lengths.set(depth, length);
    }

    /** Whether elements may be at a depth. */
    private boolean isElementDepth(int depth) {
        if (elementDepth == UNKNOWN && lengths.size() == depth + 1) {
            elementDepth = depth;
        }
        return elementDepth == depth;
    }

    private static void requireRegular(boolean regular, JsonParser parser) {
        require(regular, "data must be a flat list, or lists of equal lengths nested as the shape says", parser);
    }

    private static void require(boolean valid, String message, JsonParser parser) {
        if (!valid) {
            throw JsonInputException.of(ProblemType.INVALID_FIELD, message, parser);
        }
    }

    private void readElement(JsonToken token, JsonParser parser) {
        switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                requireKind(Kind.NUMBERS, parser);
                addNumber(token, parser);
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                requireKind(Kind.TRUTH_VALUES, parser);
                numbers.add(token == JsonToken.VALUE_TRUE ? 1 : 0);
            }
            case VALUE_STRING -> {
                requireKind(Kind.TEXTS, parser);
                addText(parser.getString());
            }
            case VALUE_NULL -> {
                if (texts == null) {
                    numbers.add(Float.NaN);
                } else {
                    texts.add("");
                }
            }
            default -> throw JsonInputException.mustBe("a number, text, true, false or null", parser);
        }
        count = Math.addExact(count, 1);
    }

    private void requireKind(Kind found, JsonParser parser) {
        if (kind == null) {
            kind = found;
        } else if (kind != found) {
            throw JsonInputException.mustBe(kind.one + ", as the elements before it", parser);
        }
    }

    private void addNumber(JsonToken token, JsonParser parser) {
        if (token == JsonToken.VALUE_NUMBER_INT) { // exactly, before it is rounded
            addInteger(
                    parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                            ? parser.getBigIntegerValue()
                            : parser.getLongValue());
        } else if (fraction == null) {
            fraction = parser.getString();
        }
        float number = parser.getFloatValue();
        if (!Float.isFinite(number)) {
            throw JsonInputException.mustBe("a number that fits float32, at most 3.4028235e38", parser);
        }
        numbers.add(number);
        largest = Math.max(largest, Math.abs(number));
    }

    private void addInteger(Number integer) {
        least = least == null || compare(integer, least) < 0 ? integer : least;
        greatest = greatest == null || compare(integer, greatest) > 0 ? integer : greatest;
    }

    private static int compare(Number a, Number b) {
        return a instanceof Long && b instanceof Long
                ? Long.compare(a.longValue(), b.longValue())
                : exact(a).compareTo(exact(b));
    }

    private static BigInteger exact(Number integer) {
        return integer instanceof BigInteger big ? big : BigInteger.valueOf(integer.longValue());
    }

    private void addText(String text) {
        if (texts == null) {
            texts = emptyTexts(count); // for the gaps so far
        }
        texts.add(text);
    }

    private static PackedTexts emptyTexts(int count) {
        PackedTexts empty = new PackedTexts();
        for (int i = 0; i < count; i++) {
            empty.add("");
        }
        return empty;
    }

    /**
     * The input that this is the data of.
     *
     * @param type of the elements
     * @param shape that was given
     * @param rows that follow from the shape
     */
    InferenceInput toInput(TensorSpec spec, DataType type, List<Long> shape, int rows) {
        int elements = rows * spec.width();
        require(
                spec,
                count == elements,
                "must have %d elements, as its shape %s says, but has %d".formatted(elements, shape, count));
        require(
                spec,
                lengths.size() == 1
                        || lengths.stream().map(Integer::longValue).toList().equals(shape),
                "must be nested as its shape %s says, or be a flat list, but is nested as %s"
                        .formatted(shape, lengths));
        Kind expected = type == DataType.BYTES ? Kind.TEXTS : type == DataType.BOOL ? Kind.TRUTH_VALUES : Kind.NUMBERS;
        require(
                spec,
                kind == null || kind == expected,
                "must have elements of %s, each %s, but has %s"
                        .formatted(type, expected.one, kind == null ? "null" : kind.one));
        if (expected == Kind.TEXTS) {
            return InferenceInput.of(spec, rows, texts == null ? emptyTexts(count) : texts);
        }
        requireRange(spec, type);
        return InferenceInput.of(spec, rows, numbers.toArray());
    }

    private void requireRange(TensorSpec spec, DataType type) {
        if (type.isInteger()) {
            requireInteger(spec, type, fraction == null, fraction);
            requireInteger(spec, type, least == null || exact(least).compareTo(type.minimum()) >= 0, least);
            requireInteger(spec, type, greatest == null || exact(greatest).compareTo(type.maximum()) <= 0, greatest);
        } else if (type.isFloating()) {
            require(
                    spec,
                    type.contains((double) largest),
                    "must have numbers that fit %s, but has ±%s".formatted(type, largest));
        }
    }

    private static void requireInteger(TensorSpec spec, DataType type, boolean valid, @Nullable Object received) {
        require(
                spec,
                valid,
                "must have elements of %s, whole numbers from %s to %s, but has %s"
                        .formatted(
                                type,
                                type.minimum(),
                                type.maximum(),
                                ValueDescriptions.shorten(String.valueOf(received), MAX_NUMBER_LENGTH)));
    }

    private static void require(TensorSpec spec, boolean valid, String rule) {
        InvalidInputException.require("inputs", valid, "data of input \"" + spec.name() + "\" " + rule);
    }
}
