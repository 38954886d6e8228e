package io.backprop.web.table;

import io.backprop.web.json.JsonInputException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;

/** Reads a field that is an object in a JSON body, and the text of that object in the query beside a table. */
public final class JsonParameterDeserializer extends ValueDeserializer<Object> {

    private final @Nullable JavaType type;

    JsonParameterDeserializer() {
        this(null);
    }

    private JsonParameterDeserializer(@Nullable JavaType type) {
        this.type = type;
    }

    @Override
    public ValueDeserializer<?> createContextual(DeserializationContext context, BeanProperty property) {
        return new JsonParameterDeserializer(property.getType());
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
        boolean isText = parser.hasToken(JsonToken.VALUE_STRING) && context.getAttribute(RowSource.class) != null;
        if (!isText) {
            return context.readValue(parser, type);
        }
        try (JsonParser text = context.tokenStreamFactory().createParser(context, parser.getString())) {
            text.nextToken();
            Object value = context.readValue(text, type);
            if (text.nextToken() == null) {
                return value;
            }
        } catch (StreamReadException e) {
            // not JSON
        }
        throw JsonInputException.mustBe("the text of a JSON object, encoded for a URL", parser);
    }
}
