package io.backprop.openinference;

import java.math.BigInteger;

/** The type of the elements of a tensor, by its name in the protocol. */
public enum DataType {
    BOOL(Kind.BOOLEAN, 1),
    UINT8(Kind.UNSIGNED, 1),
    UINT16(Kind.UNSIGNED, 2),
    UINT32(Kind.UNSIGNED, 4),
    UINT64(Kind.UNSIGNED, 8),
    INT8(Kind.SIGNED, 1),
    INT16(Kind.SIGNED, 2),
    INT32(Kind.SIGNED, 4),
    INT64(Kind.SIGNED, 8),
    FP16(Kind.FLOATING, 2),
    BF16(Kind.FLOATING, 2),
    FP32(Kind.FLOATING, 4),
    FP64(Kind.FLOATING, 8),
    /** Text in UTF-8. In binary data, each element is preceded by its length. */
    BYTES(Kind.TEXT, 0);

    private static final double FP16_OVERFLOW = 65_520; // the least number that rounds to infinity

    private enum Kind {
        BOOLEAN,
        UNSIGNED,
        SIGNED,
        FLOATING,
        TEXT
    }

    private final Kind kind;
    private final int size;

    DataType(Kind kind, int size) {
        this.kind = kind;
        this.size = size;
    }

    /** The bytes of an element in binary data; 0 for {@link #BYTES}, whose elements differ in length. */
    public int size() {
        return size;
    }

    public boolean isInteger() {
        return kind == Kind.UNSIGNED || kind == Kind.SIGNED;
    }

    public boolean isUnsigned() {
        return kind == Kind.UNSIGNED;
    }

    public boolean isFloating() {
        return kind == Kind.FLOATING;
    }

    public boolean isNumeric() {
        return isInteger() || isFloating();
    }

    /** The least value of an integer type. */
    public BigInteger minimum() {
        return switch (kind) {
            case UNSIGNED -> BigInteger.ZERO;
            case SIGNED -> power(Byte.SIZE * size - 1).negate();
            default -> throw new IllegalStateException(this + " is no integer type");
        };
    }

    /** The greatest value of an integer type. */
    public BigInteger maximum() {
        return switch (kind) {
            case UNSIGNED -> power(Byte.SIZE * size).subtract(BigInteger.ONE);
            case SIGNED -> power(Byte.SIZE * size - 1).subtract(BigInteger.ONE);
            default -> throw new IllegalStateException(this + " is no integer type");
        };
    }

    private static BigInteger power(int exponent) {
        return BigInteger.ONE.shiftLeft(exponent);
    }

    /** Whether an integer is a value of this type; any is one of a floating-point type, which rounds it. */
    public boolean contains(long value) {
        int bits = Byte.SIZE * size;
        return switch (kind) {
            case UNSIGNED -> value >= 0 && (bits == Long.SIZE || value >>> bits == 0);
            case SIGNED -> value << (Long.SIZE - bits) >> (Long.SIZE - bits) == value;
            case FLOATING -> contains((double) value);
            case BOOLEAN, TEXT -> false;
        };
    }

    /** Whether a number is a value of this type, or rounds to a finite one of a floating-point type. */
    public boolean contains(double value) {
        return switch (this) {
            case FP16 -> Math.abs(value) < FP16_OVERFLOW;
            case BF16, FP32 -> Float.isFinite((float) value);
            case FP64 -> Double.isFinite(value);
            default ->
                isInteger()
                        && value == Math.rint(value)
                        && value >= minimum().doubleValue()
                        && value < maximum().add(BigInteger.ONE).doubleValue();
        };
    }
}
