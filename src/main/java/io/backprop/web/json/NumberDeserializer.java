package io.backprop.web.json;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** One number of a request; a primitive one has to be there. */
final class NumberDeserializer<T> extends StdDeserializer<T> {

    private final Function<JsonParser, T> read;

    NumberDeserializer(Class<T> type, Function<JsonParser, T> read) {
        super(type);
        this.read = read;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) {
        return read.apply(parser);
    }

    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
        if (handledType().isPrimitive()) {
            throw JsonInputException.mustBe("a number", context.getParser());
        }
        return null;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        if (handledType().isPrimitive()) {
            throw JsonInputException.missing(context.getParser());
        }
        return null;
    }
}
