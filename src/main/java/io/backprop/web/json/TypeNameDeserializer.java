package io.backprop.web.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads an object of a type hierarchy, for which the name of its type suffices: {@code "adam"} is {@code {"type": "adam"}}.
 * Jackson itself accepts only objects.
 */
public final class TypeNameDeserializer extends StdDeserializer<Object> {

    TypeNameDeserializer() {
        super(Object.class);
    }

    @Override
    public Object deserializeWithType(JsonParser parser, DeserializationContext context, TypeDeserializer types) {
        if (parser.hasToken(JsonToken.START_OBJECT)) {
            return types.deserializeTypedFromObject(parser, context);
        }
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            throw JsonInputException.mustBe("a name or an object", parser);
        }
        ObjectNode named = context.getNodeFactory().objectNode();
        named.put(types.getPropertyName(), parser.getString());
        JsonParser object = context.treeAsTokens(named);
        object.nextToken();
        return types.deserializeTypedFromObject(object, context);
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) {
        return context.reportInputMismatch(this, "no type hierarchy");
    }
}
