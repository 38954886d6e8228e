package io.backprop.interchange.onnx;

import java.util.ArrayList;
import java.util.List;

/** Shapes of operations that keep the elements of a tensor and their order. */
final class Shapes {

    /** The most dimensions. */
    static final int MAX_RANK = 16;

    private Shapes() {}

    /**
     * The shape that a Reshape asks for.
     *
     * @param lengths 0 for that of the input, −1 for the one that follows from the others
     * @param size number of elements
     */
    static List<Integer> resolve(Operation operation, List<Long> lengths, List<Integer> input, int size) {
        List<Integer> resolved = new ArrayList<>();
        int inferred = -1;
        long product = 1;
        for (int i = 0; i < lengths.size(); i++) {
            long length = lengths.get(i) == 0 && i < input.size() ? input.get(i) : lengths.get(i);
            if (length == -1 && inferred < 0) {
                inferred = i;
                length = 1;
            }
            operation.requireSupported(
                    length >= 1 && length <= Integer.MAX_VALUE && product <= Integer.MAX_VALUE,
                    "lengths %s do not fit %d elements",
                    lengths,
                    size);
            product *= length;
            resolved.add((int) length);
        }
        if (inferred >= 0) {
            resolved.set(inferred, (int) (size / product));
            product *= size / product;
        }
        operation.requireSupported(product == size, "lengths %s do not fit %d elements", lengths, size);
        return resolved;
    }

    /** A shape without the given axes, whose length must be 1; without any axis of length 1 if none are given. */
    static List<Integer> squeeze(Operation operation, List<Long> axes, List<Integer> shape) {
        if (axes.isEmpty()) {
            return shape.stream().filter(length -> length != 1).toList();
        }
        List<Integer> squeezed = new ArrayList<>(shape);
        for (int axis : descending(operation, axes, shape.size())) {
            operation.requireSupported(squeezed.remove(axis) == 1, "an axis must have the length 1");
        }
        return squeezed;
    }

    /** A shape with axes of length 1 at the given positions. */
    static List<Integer> unsqueeze(Operation operation, List<Long> axes, List<Integer> shape) {
        operation.requireSupported(
                shape.size() + axes.size() <= MAX_RANK, "a tensor may have at most %d dimensions", MAX_RANK);
        List<Integer> positions = new ArrayList<>(descending(operation, axes, shape.size() + axes.size()));
        List<Integer> unsqueezed = new ArrayList<>(shape);
        for (int i = positions.size() - 1; i >= 0; i--) {
            unsqueezed.add(positions.get(i), 1);
        }
        return unsqueezed;
    }

    /** As {@link #squeeze}, for a shape without the axis of the rows, which comes before it. */
    static List<Integer> squeezeRows(Operation operation, List<Long> axes, List<Integer> shape) {
        return squeeze(operation, withoutRows(operation, axes, shape.size() + 1), shape);
    }

    /** As {@link #unsqueeze}, for a shape without the axis of the rows, which comes before it. */
    static List<Integer> unsqueezeRows(Operation operation, List<Long> axes, List<Integer> shape) {
        return unsqueeze(operation, withoutRows(operation, axes, shape.size() + 1 + axes.size()), shape);
    }

    private static List<Long> withoutRows(Operation operation, List<Long> axes, int rank) {
        return axes.stream()
                .map(axis -> axis < 0 ? axis + rank - 1 : axis - 1)
                .peek(axis -> operation.requireSupported(axis >= 0, "the axis of the rows must stay the first"))
                .toList();
    }

    private static List<Integer> descending(Operation operation, List<Long> axes, int rank) {
        List<Integer> sorted = axes.stream()
                .map(axis -> axis < 0 ? axis + rank : axis)
                .filter(axis -> axis >= 0 && axis < rank)
                .distinct()
                .map(Long::intValue)
                .sorted((a, b) -> b - a)
                .toList();
        operation.requireSupported(sorted.size() == axes.size(), "axes %s do not fit", axes);
        return sorted;
    }
}
