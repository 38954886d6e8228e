package io.backprop.interchange.onnx;

import java.util.ArrayList;
import java.util.List;

/** Operators that change the shape of values, and those that compute such shapes from the lengths of dimensions. */
final class ShapeOperations {

    private final ResultMemory memory;
    private final long batch; // number of rows that the file was written for; 0 for any number

    ShapeOperations(ResultMemory memory, long batch) {
        this.memory = memory;
        this.batch = batch;
    }

    Value concat(Operation operation) {
        List<Long> lengths = new ArrayList<>();
        for (int i = 0; i < operation.inputCount(); i++) {
            lengths.addAll(operation.lengths(i));
            operation.requireSupported(lengths.size() <= Shapes.MAX_RANK, "it is known only for lengths of dimensions");
        }
        return new Value.Lengths(lengths);
    }

    Value gather(Operation operation) {
        List<Long> lengths = operation.lengths(0);
        List<Long> gathered = new ArrayList<>();
        for (long index : operation.lengths(1)) {
            long fromStart = index < 0 ? index + lengths.size() : index;
            operation.requireSupported(
                    fromStart >= 0 && fromStart < lengths.size(), "its indexes must be those of dimensions");
            gathered.add(lengths.get((int) fromStart));
        }
        return new Value.Lengths(gathered);
    }

    Value slice(Operation operation) {
        List<Long> lengths = operation.lengths(0);
        List<Long> starts = operation.lengths(1);
        List<Long> ends = operation.lengths(2);
        boolean simple = starts.size() == 1
                && ends.size() == 1
                && (operation.optionalInput(4) == null || operation.lengths(4).equals(List.of(1L)));
        operation.requireSupported(simple, "it is known only for lengths of dimensions, in steps of 1");
        int start = clamp(starts.get(0), lengths.size());
        return new Value.Lengths(lengths.subList(start, Math.max(start, clamp(ends.get(0), lengths.size()))));
    }

    /** An index from the start or, if negative, from the end, limited to a number of elements. */
    private static int clamp(long index, int size) {
        return (int) Math.max(0, Math.min(size, index < 0 ? index + size : index));
    }

    Value shape(Operation operation) {
        List<Long> lengths = new ArrayList<>();
        lengths.add(Value.Lengths.ROWS);
        operation.rows(0).shape().forEach(length -> lengths.add((long) length));
        int start = clamp(operation.integer("start", 0), lengths.size());
        int end = clamp(operation.integer("end", lengths.size()), lengths.size());
        return new Value.Lengths(lengths.subList(start, Math.max(start, end)));
    }

    Value reshape(Operation operation) {
        Value value = operation.input(0);
        if (value instanceof Value.ClassIndexes || value instanceof Value.ClassNames) {
            return value;
        }
        List<Long> lengths = operation.lengths(1);
        if (value instanceof Value.Lengths) {
            operation.requireSupported(lengths.equals(List.of(-1L)), "lengths of dimensions may become a vector only");
            return value;
        }
        if (value instanceof Constant constant) {
            return constant.reshaped(Shapes.resolve(operation, lengths, constant.shape(), constant.size()));
        }
        Value.Rows rows = (Value.Rows) value;
        List<Long> rest = new ArrayList<>(lengths);
        operation.requireSupported(!rest.isEmpty(), "rows must not be combined");
        long first = rest.remove(0);
        boolean keepsRows = first == Value.Lengths.ROWS || first == 0 || (first == batch && batch > 0);
        operation.requireSupported(
                keepsRows || (first == -1 && !rest.contains(-1L)), "the first length must be that of the rows");
        List<Integer> inner = new ArrayList<>(rows.shape());
        return new Value.Rows(
                rows.expression(),
                Shapes.resolve(operation, rest, inner, rows.expression().width()),
                rows.integers());
    }

    Value flatten(Operation operation) {
        if (operation.input(0) instanceof Value.Rows rows) {
            long axis = operation.integer("axis", 1);
            int rank = rows.shape().size() + 1;
            operation.requireSupported((axis < 0 ? axis + rank : axis) == 1, "axis must be 1, but is %d", axis);
            return new Value.Rows(rows.expression(), List.of(rows.expression().width()), rows.integers());
        }
        throw operation.unsupported("its input must be computed from the input of the graph");
    }

    Value squeeze(Operation operation) {
        Value value = operation.input(0);
        if (value instanceof Constant constant) {
            return constant.reshaped(Shapes.squeeze(operation, operation.axes(), constant.shape()));
        }
        if (value instanceof Value.Rows rows) {
            return new Value.Rows(
                    rows.expression(), Shapes.squeezeRows(operation, operation.axes(), rows.shape()), rows.integers());
        }
        return value;
    }

    Value unsqueeze(Operation operation) {
        Value value = operation.input(0);
        if (value instanceof Constant constant) {
            return constant.reshaped(Shapes.unsqueeze(operation, operation.axes(), constant.shape()));
        }
        if (value instanceof Value.Rows rows) {
            return new Value.Rows(
                    rows.expression(),
                    Shapes.unsqueezeRows(operation, operation.axes(), rows.shape()),
                    rows.integers());
        }
        return value;
    }

    Value transpose(Operation operation) {
        Constant constant = operation.constant(0);
        List<Long> order = operation
                .attribute("perm", OnnxAttribute.OfInts.class)
                .map(OnnxAttribute.OfInts::values)
                .orElse(List.of(1L, 0L));
        operation.requireSupported(
                constant.rank() == 2 && !constant.isInteger() && order.equals(List.of(1L, 0L)),
                "only matrices of floats may be transposed");
        memory.spend(operation, constant.bytes());
        return constant.transposed();
    }
}
