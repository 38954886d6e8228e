package io.backprop.openinference;

import static io.backprop.model.InvalidInputException.require;

import java.util.List;

/**
 * What a model takes or returns under a name.
 *
 * @param shape the dimensions; {@value #ANY} for any number
 */
public record TensorSpec(String name, DataType dataType, List<Long> shape) {

    /** A dimension that a request determines: the number of rows. */
    public static final long ANY = -1;

    private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8; // the largest array that every JVM supports
    private static final int MAX_DESCRIBED = 8; // dimensions in a message
    private static final String INPUTS = "inputs"; // field of a request

    public TensorSpec {
        shape = List.copyOf(shape);
    }

    /** One value per row. */
    static TensorSpec column(String name, DataType dataType) {
        return new TensorSpec(name, dataType, List.of(ANY));
    }

    /** Rows of numbers. */
    static TensorSpec matrix(String name, long columns) {
        return new TensorSpec(name, DataType.FP32, List.of(ANY, columns));
    }

    /** Number of values per row. */
    public int width() {
        return shape.size() == 1 ? 1 : Math.toIntExact(shape.get(1));
    }

    /**
     * The number of rows of an input. A list of the right number of values may stand for a single row of several, and a
     * matrix with one column for one value per row.
     *
     * @param given the shape of the input in the request
     */
    public int rowsOf(List<Long> given) {
        String input = "input \"" + name + "\"";
        require(
                INPUTS,
                given.stream().allMatch(dimension -> dimension >= 1 && dimension <= MAX_ELEMENTS),
                "the shape of %s must have dimensions from 1 to %d, but was %s"
                        .formatted(input, MAX_ELEMENTS, describe(given)));
        int width = width();
        boolean isRow = width > 1 && given.equals(List.of((long) width));
        require(
                INPUTS,
                isRow || (given.size() == 1 && width == 1) || (given.size() == 2 && given.get(1) == width),
                "the shape of %s must be %s, but was %s".formatted(input, describe(shape), describe(given)));
        long rows = isRow ? 1 : given.get(0);
        require(
                INPUTS,
                rows * width <= MAX_ELEMENTS,
                "%s must have at most %d elements, but its shape is %s"
                        .formatted(input, MAX_ELEMENTS, describe(given)));
        return (int) rows;
    }

    private static String describe(List<Long> shape) {
        return shape.size() <= MAX_DESCRIBED
                ? shape.toString()
                : shape.subList(0, MAX_DESCRIBED).toString().replace("]", ", …]");
    }
}
