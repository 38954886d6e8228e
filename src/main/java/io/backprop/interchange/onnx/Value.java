package io.backprop.interchange.onnx;

import java.util.List;

/** What a name stands for in a graph that is being read. */
sealed interface Value permits Constant, Value.Rows, Value.Lengths, Value.ClassIndexes, Value.ClassNames {

    /**
     * Numbers that are computed for each row of the input.
     *
     * @param shape the dimensions after the first one, which is that of the rows; in row-major order their elements are the
     *     values of the expression
     * @param integers whether they are integers, with which operators compute in another way
     */
    record Rows(Expression expression, List<Integer> shape, boolean integers) implements Value {

        public Rows {
            shape = List.copyOf(shape);
        }

        /** The numbers of another expression, in the same shape or, if the width differs, as a row. */
        Rows with(Expression other) {
            return new Rows(other, other.width() == expression.width() ? shape : List.of(other.width()), integers);
        }
    }

    /**
     * One or more lengths of dimensions of rows, from which models compute the shape of a Reshape.
     *
     * @param lengths of which {@link #ROWS} stands for the number of rows
     */
    record Lengths(List<Long> lengths) implements Value {

        /** The number of rows. */
        static final long ROWS = Long.MIN_VALUE;

        public Lengths {
            lengths = List.copyOf(lengths);
        }
    }

    /**
     * Predicted classes: the index of the most probable one, or, if they do not exclude each other, 0 or 1 for each.
     */
    record ClassIndexes(Expression probabilities, boolean exclusive) implements Value {}

    /** The names of classes: the most probable one of each row, or all of them with their probabilities. */
    record ClassNames(Expression probabilities, List<String> names) implements Value {}
}
