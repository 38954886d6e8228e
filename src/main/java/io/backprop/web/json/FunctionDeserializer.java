package io.backprop.web.json;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Reads a value by a function. The value of an absent field is the attribute of the {@link DeserializationContext} whose
 * key is the type, if there is one.
 */
public class FunctionDeserializer<T> extends StdDeserializer<T> {

    private final Function<JsonParser, T> read;

    public FunctionDeserializer(Class<T> type, Function<JsonParser, T> read) {
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
            context.reportInputMismatch(this, "a primitive value must not be null");
        }
        return null;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
        Object value = context.getAttribute(handledType());
        return value == null ? getNullValue(context) : value;
    }
}
