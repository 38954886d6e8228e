package io.backprop.web.json;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes a record of a type hierarchy; one without components as the name of its type, as {@link TypeNameDeserializer}
 * reads it.
 */
public final class TypeNameSerializer extends StdSerializer<Record> {

    TypeNameSerializer() {
        super(Record.class);
    }

    @Override
    public void serializeWithType(
            Record value, JsonGenerator generator, SerializationContext context, TypeSerializer types) {
        if (value.getClass().getRecordComponents().length == 0) {
            generator.writeString(types.getTypeIdResolver().idFromValue(context, value));
        } else {
            context.findValueSerializer(value.getClass()).serializeWithType(value, generator, context, types);
        }
    }

    @Override
    public void serialize(Record value, JsonGenerator generator, SerializationContext context) {
        context.reportMappingProblem("no type hierarchy");
    }
}
