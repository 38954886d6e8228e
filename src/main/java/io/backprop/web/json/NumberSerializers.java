package io.backprop.web.json;

import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Writes numbers with the fewest digits that identify them, and null in place of numbers that are not finite. */
final class NumberSerializers {

    private NumberSerializers() {}

    static void addTo(SimpleModule module) {
        add(module, double.class, NumberSerializers::write);
        add(module, Double.class, NumberSerializers::write);
        add(module, float.class, NumberSerializers::write);
        add(module, Float.class, NumberSerializers::write);
        add(module, Vector.class, NumberSerializers::write);
        add(module, Matrix.class, NumberSerializers::write);
    }

    private static <T> void add(SimpleModule module, Class<T> type, BiConsumer<T, JsonGenerator> write) {
        module.addSerializer(type, new StdSerializer<T>(type) {
            @Override
            public void serialize(T value, JsonGenerator generator, SerializationContext context) {
                write.accept(value, generator);
            }
        });
    }

    private static void write(double value, JsonGenerator generator) {
        if (Double.isFinite(value)) {
            generator.writeNumber(value);
        } else {
            generator.writeNull();
        }
    }

    private static void write(float value, JsonGenerator generator) {
        if (Float.isFinite(value)) {
            generator.writeNumber(value);
        } else {
            generator.writeNull();
        }
    }

    private static void write(Vector vector, JsonGenerator generator) {
        generator.writeStartArray(vector, vector.size());
        for (int i = 0; i < vector.size(); i++) {
            write(vector.get(i), generator);
        }
        generator.writeEndArray();
    }

    private static void write(Matrix matrix, JsonGenerator generator) {
        generator.writeStartArray(matrix, matrix.rows());
        for (int row = 0; row < matrix.rows(); row++) {
            generator.writeStartArray(matrix, matrix.columns());
            for (int column = 0; column < matrix.columns(); column++) {
                write(matrix.get(row, column), generator);
            }
            generator.writeEndArray();
        }
        generator.writeEndArray();
    }
}
