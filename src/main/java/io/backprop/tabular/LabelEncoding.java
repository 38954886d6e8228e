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
 * Encodes names of classes as numbers and decodes them. One output suffices for two classes: the probability of the
 * second. Otherwise each class has its own output.
 */
public record LabelEncoding(List<String> labels) {

    /** In characters. */
    public static final int MAX_LABEL_LENGTH = StringDictionary.MAX_LENGTH;

    public static final int MAX_LABELS = InferredColumn.MAX_LABELS;

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
                    StringDictionary.isStorable(labels.get(i)),
                    "labels must not contain NUL characters or unpaired surrogates, but label %d does",
                    i);
        }
    }

    /** The classes of a column, in order of first appearance; booleans always in the order false, true. */
    public static LabelEncoding from(List<String> column) {
        List<String> labels = List.copyOf(new LinkedHashSet<>(column));
        return new LabelEncoding(labels.size() == 2 && BOOLEANS.containsAll(labels) ? BOOLEANS : labels);
    }

    /** The default number of outputs of a network for these classes. */
    public int outputs() {
        return labels.size() == 2 ? 1 : labels.size();
    }

    /** Whether a network with that many outputs can distinguish these classes. */
    public boolean fits(int outputs) {
        return outputs == labels.size() || outputs == outputs();
    }

    private void requireFits(int outputs) {
        requireArgument(fits(outputs), "outputs must fit %d labels, but are %d", labels.size(), outputs);
    }

    /**
     * One row per name: with one output 0 or 1, else 1 in the output of the class and 0 in the others.
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

    /** The index of each name among the labels. */
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
