package io.backprop.openinference;

import io.backprop.model.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** Reads the data of inputs in binary: little-endian, in row-major order. */
public final class BinaryTensors {
    /*
     * Memory grows with the bytes that have arrived, not with those that are announced. What is counted for each byte of a
     * body suffices for texts, and for the copy of numbers while their array grows, but not for the array: a number of
     * one byte becomes a float, and the array has room for more.
     */

    private static final int BLOCK = 1 << 16; // bytes, a multiple of each element's size
    private static final int MIN_LENGTH = 1 << 16; // elements
    private static final int GROWTH = 4; // of the array, so that little is copied
    private static final int MAX_TEXT = 1 << 16; // bytes, as in JSON

    private BinaryTensors() {}

    /**
     * Reads an input. The stream is not closed.
     *
     * @param size in bytes, as announced
     * @param memory receives the bytes of numbers before they are allocated
     */
    public static InferenceInput read(
            TensorSpec spec, DataType type, int rows, long size, InputStream in, LongConsumer memory)
            throws IOException {
        int elements = rows * spec.width();
        if (type == DataType.BYTES) {
            return InferenceInput.of(spec, rows, readTexts(spec, elements, size, in));
        }
        InvalidInputException.require(
                "inputs",
                size == (long) elements * type.size(),
                "binary_data_size of input \"%s\" must be %d, for %d elements of %s, but was %d"
                        .formatted(spec.name(), (long) elements * type.size(), elements, type, size));
        return InferenceInput.of(spec, rows, readNumbers(spec, type, elements, in, memory));
    }

    /**
     * Reads an input that is a whole body: rows of numbers of the type of the model, or a single text. The stream is not
     * closed.
     */
    public static InferenceInput readRaw(TensorSpec spec, InputStream in, LongConsumer memory) throws IOException {
        byte[] bytes = in.readAllBytes();
        if (spec.dataType() == DataType.BYTES) {
            PackedTexts texts = new PackedTexts();
            add(bytes, texts, spec, 0);
            return InferenceInput.of(spec, 1, texts);
        }
        int rowSize = spec.width() * spec.dataType().size();
        InvalidInputException.require(
                "inputs",
                bytes.length > 0 && bytes.length % rowSize == 0,
                "a body without a JSON header must have a multiple of %d bytes, the size of a row of input \"%s\" in %s, but has %d"
                        .formatted(rowSize, spec.name(), spec.dataType(), bytes.length));
        return read(
                spec, spec.dataType(), bytes.length / rowSize, bytes.length, new ByteArrayInputStream(bytes), memory);
    }

    private static float[] readNumbers(
            TensorSpec spec, DataType type, int elements, InputStream in, LongConsumer memory) throws IOException {
        float[] numbers = new float[Math.min(elements, MIN_LENGTH)];
        byte[] bytes = new byte[(int) Math.min(BLOCK, (long) elements * type.size())];
        ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < elements; ) {
            int count = Math.min(elements - from, BLOCK / type.size());
            readFully(spec, in, bytes, count * type.size());
            int to = from + count;
            if (to > numbers.length) {
                int length = (int) Math.min(elements, Math.max(to, (long) GROWTH * numbers.length));
                memory.accept((long) Float.BYTES * (length - numbers.length));
                numbers = Arrays.copyOf(numbers, length);
            }
            decode(spec, type, block.clear(), numbers, from, to);
            from = to;
        }
        return numbers;
    }

    private static void readFully(TensorSpec spec, InputStream in, byte[] bytes, int count) throws IOException {
        if (in.readNBytes(bytes, 0, count) < count) {
            throw endsBefore(spec);
        }
    }

    private static InvalidInputException endsBefore(TensorSpec spec) {
        return new InvalidInputException("inputs", "the body ends within the data of input \"" + spec.name() + '"');
    }

    /**
     * Converts elements to floats.
     *
     * @param block the bytes of the elements from its position on. Modified.
     * @param numbers receives the elements in [from, to). Modified.
     */
    private static void decode(TensorSpec spec, DataType type, ByteBuffer block, float[] numbers, int from, int to) {
        switch (type) {
            case FP32 -> block.asFloatBuffer().get(numbers, from, to - from);
            case FP64 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = (float) block.getDouble();
                }
            }
            case FP16 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = halfToFloat(block.getShort());
                }
            }
            case BF16 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = Float.intBitsToFloat(block.getShort() << Short.SIZE);
                }
            }
            case INT8 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = block.get();
                }
            }
            case UINT8 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = Byte.toUnsignedInt(block.get());
                }
            }
            case INT16 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = block.getShort();
                }
            }
            case UINT16 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = Short.toUnsignedInt(block.getShort());
                }
            }
            case INT32 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = block.getInt();
                }
            }
            case UINT32 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = Integer.toUnsignedLong(block.getInt());
                }
            }
            case INT64 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = block.getLong();
                }
            }
            case UINT64 -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = unsignedToFloat(block.getLong());
                }
            }
            case BOOL -> {
                for (int i = from; i < to; i++) {
                    numbers[i] = truthValue(spec, i, block.get());
                }
            }
            case BYTES -> throw new IllegalArgumentException("texts have no fixed size");
        }
    }

    private static float truthValue(TensorSpec spec, int index, byte value) {
        if (value != 0 && value != 1) {
            throw new InvalidInputException(
                    "inputs",
                    "element %d of input \"%s\" must be 0 or 1, as BOOL has it in binary, but was %d"
                            .formatted(index, spec.name(), Byte.toUnsignedInt(value)));
        }
        return value;
    }

    /** Rounds to the nearest float: the last bit, which is lost by halving, only has to keep a tie from seeming one. */
    private static float unsignedToFloat(long value) {
        return value >= 0 ? value : 2 * (float) ((value >>> 1) | (value & 1));
    }

    /** IEEE 754 binary16: 1 bit sign, 5 bits exponent, 10 bits fraction. */
    private static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >> 10 & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) { // zero and subnormal numbers, which are multiples of 2⁻²⁴
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        int biased = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | (biased << 23) | (fraction << 13));
    }

    /** Each text is preceded by its length, in 4 bytes. */
    private static PackedTexts readTexts(TensorSpec spec, int elements, long size, InputStream in) throws IOException {
        PackedTexts texts = new PackedTexts();
        byte[] lengthBytes = new byte[Integer.BYTES];
        ByteBuffer lengthBuffer = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
        long left = size;
        for (int i = 0; i < elements; i++) {
            left -= Integer.BYTES;
            if (left < 0) {
                throw invalid(spec, "has %d elements, but its data ends after %d".formatted(elements, i));
            }
            readFully(spec, in, lengthBytes, Integer.BYTES);
            long length = Integer.toUnsignedLong(lengthBuffer.getInt(0));
            left -= length;
            if (length > MAX_TEXT || left < 0) {
                throw invalid(
                        spec,
                        "must have texts of at most %d bytes that do not exceed binary_data_size, but element %d has %d"
                                .formatted(MAX_TEXT, i, length));
            }
            byte[] text = in.readNBytes((int) length);
            if (text.length < length) {
                throw endsBefore(spec);
            }
            add(text, texts, spec, i);
        }
        if (left > 0) {
            throw invalid(spec, "has %d elements, but %d more bytes".formatted(elements, left));
        }
        return texts;
    }

    private static void add(byte[] text, PackedTexts texts, TensorSpec spec, int index) {
        try {
            texts.add(text);
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(
                    "inputs", "element %d of input \"%s\" must be UTF-8".formatted(index, spec.name()));
        }
    }

    private static InvalidInputException invalid(TensorSpec spec, String rule) {
        return new InvalidInputException("inputs", "input \"" + spec.name() + "\" " + rule);
    }
}
