package io.backprop.interchange.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input or output of a graph, {@code ValueInfoProto}.
 *
 * @param elementType {@link ElementType#UNDEFINED} of a value that is not a tensor
 * @param shape null if it is not stated
 */
public record OnnxValue(
        String name, ElementType elementType, @Nullable List<Dimension> shape, String docString) {

    public OnnxValue {
        shape = shape == null ? null : List.copyOf(shape);
    }

    /** A length of a tensor. */
    public sealed interface Dimension {

        record Fixed(long length) implements Dimension {}

        /**
         * A length that each run may choose.
         *
         * @param name equal for lengths that are equal; empty if it has none
         */
        record Free(String name) implements Dimension {}
    }
}
