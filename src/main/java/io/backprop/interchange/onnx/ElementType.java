package io.backprop.interchange.onnx;

import java.util.Arrays;
import java.util.Optional;

/** The types of the elements of tensors, {@code TensorProto.DataType}. */
public enum ElementType {
    /** Of a value that is not a tensor, or whose type is not stated. */
    UNDEFINED(0, 0),
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    UINT16(4, 2),
    INT16(5, 2),
    INT32(6, 4),
    INT64(7, 8),
    STRING(8, 0),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8),
    UINT32(12, 4),
    UINT64(13, 8),
    COMPLEX64(14, 8),
    COMPLEX128(15, 16),
    BFLOAT16(16, 2);

    private final int code;
    private final int bytes;

    ElementType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The type of a code; empty if there is none. */
    static Optional<ElementType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    /** The number of the type in a file. */
    int code() {
        return code;
    }

    /** The size of an element; 0 if it varies. */
    int bytes() {
        return bytes;
    }

    /** Whether elements are integers, of which false and true are 0 and 1. */
    boolean isInteger() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32, UINT64 -> true;
            case UNDEFINED, FLOAT, STRING, FLOAT16, DOUBLE, COMPLEX64, COMPLEX128, BFLOAT16 -> false;
        };
    }
}
