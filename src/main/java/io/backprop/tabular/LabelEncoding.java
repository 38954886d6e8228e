package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Names of classes ↔ numbers. Two classes fit one output, which is the probability of the second; otherwise each class
 * has an output of its own.
 */
public record LabelEncoding(List<String> labels) {

    /** In characters. */
    public static final int MAX_LABEL_LENGTH = StringDictionary.LONGEST;

    public static final int MAX_LABELS = InferredColumn.MOST_WORDS;

    private static final List<String> BOOLEANS = List.of("false", "true");

    public LabelEncoding {
        labels = List.copyOf(labels);
        requireArgument(labels.size() >= 2, "labels must name at least 2 classes, but are %s", labels);
        requireArgument(
                new HashSet<>(labels).size() == labels.size(),
                "labels must differ from one another, but are %s",
                labels);
        for (int i = 0; i < labels.size(); i++) {
            requireArgument(
                    CellReference.isText(labels.get(i)),
                    "labels must be text, but label %d has characters that are none",
                    i);
        }
    }

    /** The classes of a column, in order of first appearance; booleans always false, true. */
    public static LabelEncoding from(List<String> column) {
        List<String> labels = List.copyOf(new LinkedHashSet<>(column));
        return new LabelEncoding(labels.size() == 2 && BOOLEANS.containsAll(labels) ? BOOLEANS : labels);
    }

    /** Outputs that a network needs for these classes, if nothing else is said. */
    public int outputs() {
        return labels.size() == 2 ? 1 : labels.size();
    }

    /** Whether a network of so many outputs can tell these classes. */
    public boolean fits(int outputs) {
        return outputs == labels.size() || outputs == outputs();
    }

    private void requireFits(int outputs) {
        requireArgument(fits(outputs), "outputs must fit %d labels, but are %d", labels.size(), outputs);
    }

    /**
     * One row per name: with one output 0 or 1, else 1 in the place of the class.
     *
     * @param outputs a number that {@link #fits}
     */
    public Matrix encode(List<String> column, int outputs) {
        requireFits(outputs);
        int[] classes = classesOf(column);
        float[] values = new float[Matrix.elementCount(classes.length, outputs)];
        for (int row = 0; row < classes.length; row++) {
            if (outputs == 1) {
                values[row] = classes[row];
            } else {
                values[row * outputs + classes[row]] = 1;
            }
        }
        return Matrix.wrap(classes.length, outputs, values);
    }

    /** The class that each name is of, by its place among the labels. */
    public int[] classesOf(List<String> column) {
        Map<String, Integer> indexes = new HashMap<>();
        labels.forEach(label -> indexes.put(label, indexes.size()));
        int[] classes = new int[column.size()];
        for (int row = 0; row < classes.length; row++) {
            Integer index = indexes.get(column.get(row));
            if (index == null) {
                throw new InvalidArgumentException(
                        "row %d is \"%s\", but the labels are %s".formatted(row, column.get(row), labels));
            }
            classes[row] = index;
        }
        return classes;
    }

    /** The most probable class of each row. */
    public List<String> decode(Matrix predictions) {
        requireFits(predictions.columns());
        String[] decoded = new String[predictions.rows()];
        for (int row = 0; row < decoded.length; row++) {
            decoded[row] = labels.get(ClassificationMetrics.classOf(predictions, row));
        }
        return List.of(decoded);
    }
}
