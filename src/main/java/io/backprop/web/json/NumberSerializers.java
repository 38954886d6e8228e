package io.backprop.web.json;

import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.std.StdSerializer;

/** Writes numbers with the fewest digits that identify them, and null in place of numbers that are not finite. */
final class NumberSerializers {

    private NumberSerializers() {}

    @FunctionalInterface
    private interface Write<T> {
        void write(T value, JsonGenerator generator);
    }

    static ValueSerializer<Double> ofDouble(Class<Double> type) {
        return of(type, (value, generator) -> writeDouble(value, generator));
    }

    static ValueSerializer<Float> ofFloat(Class<Float> type) {
        return of(type, (value, generator) -> writeFloat(value, generator));
    }

    static ValueSerializer<Vector> ofVector() {
        return of(Vector.class, (vector, generator) -> {
            generator.writeStartArray(vector, vector.size());
            for (int i = 0; i < vector.size(); i++) {
                writeFloat(vector.get(i), generator);
            }
            generator.writeEndArray();
        });
    }

    static ValueSerializer<Matrix> ofMatrix() {
        return of(Matrix.class, (matrix, generator) -> {
            generator.writeStartArray(matrix, matrix.rows());
            for (int row = 0; row < matrix.rows(); row++) {
                generator.writeStartArray(matrix, matrix.columns());
                for (int column = 0; column < matrix.columns(); column++) {
                    writeFloat(matrix.get(row, column), generator);
                }
                generator.writeEndArray();
            }
            generator.writeEndArray();
        });
    }

    private static void writeDouble(double value, JsonGenerator generator) {
        if (Double.isFinite(value)) {
            generator.writeNumber(value);
        } else {
            generator.writeNull();
        }
    }

    private static void writeFloat(float value, JsonGenerator generator) {
        if (Float.isFinite(value)) {
            generator.writeNumber(value);
        } else {
            generator.writeNull();
        }
    }

    private static <T> ValueSerializer<T> of(Class<T> type, Write<T> write) {
        return new StdSerializer<>(type) {
            @Override
            public void serialize(T value, JsonGenerator generator, SerializationContext context) {
                write.write(value, generator);
            }
        };
    }
}
