package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.OnnxException.quote;
import static io.backprop.interchange.onnx.OnnxException.require;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The elements of a tensor that is being read: those of one field, or raw bytes. */
final class TensorElements {

    private static final int MIN_CAPACITY = 8; // elements

    private final LongConsumer memory; // receives the bytes of an array before it is allocated
    private float[] floats = {};
    private double[] doubles = {};
    private long[] integers = {};
    private final List<String> texts = new ArrayList<>(0);
    private int floatCount;
    private int doubleCount;
    private int integerCount;
    private @Nullable ByteBuffer raw;

    TensorElements(LongConsumer memory) {
        this.memory = memory;
    }

    /** Makes room for elements that are known to follow. */
    void reserveFloats(int more) {
        if (more > floats.length - floatCount) {
            floats = Arrays.copyOf(floats, allow(floatCount + more, Float.BYTES));
        }
    }

    /** Makes room for elements that are known to follow. */
    void reserveDoubles(int more) {
        if (more > doubles.length - doubleCount) {
            doubles = Arrays.copyOf(doubles, allow(doubleCount + more, Double.BYTES));
        }
    }

    void add(float element) {
        if (floatCount == floats.length) {
            reserveFloats(Math.max(MIN_CAPACITY, floatCount));
        }
        floats[floatCount++] = element;
    }

    void add(double element) {
        if (doubleCount == doubles.length) {
            reserveDoubles(Math.max(MIN_CAPACITY, doubleCount));
        }
        doubles[doubleCount++] = element;
    }

    void add(long element) {
        if (integerCount == integers.length) {
            integers = Arrays.copyOf(integers, allow(integerCount + Math.max(MIN_CAPACITY, integerCount), Long.BYTES));
        }
        integers[integerCount++] = element;
    }

    void add(String element) {
        texts.add(element);
    }

    private int allow(int length, int bytes) {
        memory.accept((long) length * bytes);
        return length;
    }

    /** Uses a part of an array as raw elements, without copying it. */
    void addRaw(byte[] bytes, int offset, int length) {
        require(raw == null, "a tensor has raw data twice");
        raw = ByteBuffer.wrap(bytes, offset, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The tensor of these elements; floats of 16 bits become those of 32 bits, which hold the same numbers. */
    OnnxTensor toTensor(String name, ElementType type, List<Long> dimensions) {
        require(
                type != ElementType.UNDEFINED && type != ElementType.COMPLEX64 && type != ElementType.COMPLEX128,
                "the element type of tensor %s is not supported",
                quote(name));
        ByteBuffer bytes = raw;
        int count = floatCount + doubleCount + integerCount + texts.size();
        require(bytes == null || count == 0, "tensor %s has raw data as well as others", quote(name));
        require(
                bytes == null || (type.bytes() > 0 && bytes.remaining() % type.bytes() == 0),
                "raw data of tensor %s has a size that does not fit its element type",
                quote(name));
        int given = bytes == null ? count : bytes.remaining() / type.bytes();
        long expected = OnnxTensor.elementCount(dimensions);
        require(
                given == expected,
                "tensor %s must have as many elements as its dimensions %s, but has %d",
                quote(name),
                dimensions.size() <= 8 ? dimensions : "",
                given);
        return switch (type) {
            case FLOAT ->
                OnnxTensor.ofFloats(name, dimensions, bytes == null ? floatsOf(name, given) : rawFloats(bytes));
            case FLOAT16, BFLOAT16 -> {
                long[] halves = bytes == null ? integersOf(name, given) : rawIntegers(bytes, ElementType.UINT16);
                memory.accept((long) given * Float.BYTES);
                float[] values = new float[given];
                for (int i = 0; i < given; i++) {
                    values[i] = type == ElementType.FLOAT16
                            ? halfToFloat((int) halves[i])
                            : Float.intBitsToFloat((int) halves[i] << Short.SIZE);
                }
                yield OnnxTensor.ofFloats(name, dimensions, values);
            }
            case DOUBLE ->
                OnnxTensor.ofDoubles(name, dimensions, bytes == null ? doublesOf(name, given) : rawDoubles(bytes));
            case STRING -> {
                requireField(name, texts.size(), given);
                yield OnnxTensor.ofStrings(name, dimensions, texts);
            }
            default ->
                OnnxTensor.ofIntegers(
                        name, type, dimensions, bytes == null ? integersOf(name, given) : rawIntegers(bytes, type));
        };
    }

    private float[] floatsOf(String name, int count) {
        requireField(name, floatCount, count);
        return floats.length == count ? floats : Arrays.copyOf(floats, allow(count, Float.BYTES));
    }

    private double[] doublesOf(String name, int count) {
        requireField(name, doubleCount, count);
        return doubles.length == count ? doubles : Arrays.copyOf(doubles, allow(count, Double.BYTES));
    }

    private long[] integersOf(String name, int count) {
        requireField(name, integerCount, count);
        return integers.length == count ? integers : Arrays.copyOf(integers, allow(count, Long.BYTES));
    }

    private static void requireField(String name, int own, int all) {
        require(own == all, "elements of tensor %s are in a field that is not for its type", quote(name));
    }

    private float[] rawFloats(ByteBuffer bytes) {
        memory.accept(bytes.remaining());
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private double[] rawDoubles(ByteBuffer bytes) {
        memory.accept(bytes.remaining());
        double[] values = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(values);
        return values;
    }

    private long[] rawIntegers(ByteBuffer bytes, ElementType type) {
        memory.accept((long) bytes.remaining() / type.bytes() * Long.BYTES);
        long[] values = new long[bytes.remaining() / type.bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case UINT8, BOOL -> Byte.toUnsignedInt(bytes.get());
                case INT8 -> bytes.get();
                case UINT16 -> Short.toUnsignedInt(bytes.getShort());
                case INT16 -> bytes.getShort();
                case UINT32 -> Integer.toUnsignedLong(bytes.getInt());
                case INT32 -> bytes.getInt();
                default -> bytes.getLong();
            };
        }
        return values;
    }

    /** The value of a float of 16 bits, of which 5 are the exponent: IEEE 754 binary16. */
    static float halfToFloat(int bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        };
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }
}
