package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import io.backprop.engine.MultiLabelMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Encodes names of classes as numbers and decodes them. One output suffices for two classes: the probability of the
 * second. Otherwise each class has its own output.
 */
public record ClassEncoding(List<String> names) {

    /** In characters. */
    public static final int MAX_NAME_LENGTH = StringDictionary.MAX_LENGTH;

    public static final int MAX_CLASSES = InferredColumn.MAX_CLASSES;

    private static final Pattern CODE = Pattern.compile("-?\\d+");

    private static final Comparator<String> BY_CODE_POINT =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    private static final Comparator<String> BY_VALUE =
            Comparator.comparingDouble(Double::parseDouble).thenComparing(BY_CODE_POINT);

    public ClassEncoding {
        names = List.copyOf(names);
        requireArgument(names.size() >= 2, "classes must be at least 2, but are %s", names);
        requireArgument(
                new HashSet<>(names).size() == names.size(), "classes must differ from one another, but are %s", names);
        for (int i = 0; i < names.size(); i++) {
            requireArgument(
                    StringDictionary.isStorable(names.get(i)),
                    "classes must not contain NUL characters or unpaired surrogates, but class %d does",
                    i);
        }
    }

    /** The name of the class whose code a cell contains, an integer that may be written as 1.0; empty for other cells. */
    static Optional<String> codeOf(String cell) {
        float number = numberOf(cell);
        return Targets.Numbers.isCode(number) ? Optional.of(String.valueOf((int) number)) : Optional.empty();
    }

    /** The distinct classes of a column, sorted: by value if all are numbers, else by code point. */
    public static ClassEncoding from(List<String> column) {
        return new ClassEncoding(sorted(column));
    }

    /** The distinct names in the order of classes. */
    static List<String> sorted(List<String> column) {
        Set<String> names = new HashSet<>(column);
        boolean numeric = names.stream().allMatch(name -> !Float.isNaN(numberOf(name)));
        return names.stream().sorted(numeric ? BY_VALUE : BY_CODE_POINT).toList();
    }

    /** Whether all names are integers, which are classes only in a classification. */
    public boolean areCodes() {
        return names.stream().allMatch(name -> CODE.matcher(name).matches());
    }

    private static float numberOf(String name) {
        return NumberParser.parse(name.toCharArray(), 0, name.length(), '.');
    }

    /** The default number of outputs of a network for these classes. */
    public int outputs() {
        return names.size() == 2 ? 1 : names.size();
    }

    /** Whether a network with that many outputs can distinguish these classes. */
    public boolean fits(int outputs) {
        return outputs == names.size() || outputs == outputs();
    }

    private void requireFits(int outputs) {
        requireArgument(fits(outputs), "outputs must fit %d classes, but are %d", names.size(), outputs);
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

    /** The index of each name among the classes. */
    public int[] classesOf(List<String> column) {
        Map<String, Integer> indexes = new HashMap<>();
        names.forEach(name -> indexes.put(name, indexes.size()));
        int[] classes = new int[column.size()];
        for (int row = 0; row < classes.length; row++) {
            Integer index = indexes.get(column.get(row));
            if (index == null) {
                throw new InvalidArgumentException(
                        "row %d is \"%s\", but the classes are %s".formatted(row, column.get(row), names));
            }
            classes[row] = index;
        }
        return classes;
    }

    /** The probability of each class, rows × classes; a single output is that of the second. Not modified. */
    public Matrix probabilities(Matrix predictions) {
        requireFits(predictions.columns());
        if (predictions.columns() > 1) {
            return predictions;
        }
        float[] probabilities = new float[Matrix.elementCount(predictions.rows(), 2)];
        for (int row = 0; row < predictions.rows(); row++) {
            probabilities[2 * row] = 1 - predictions.get(row, 0);
            probabilities[2 * row + 1] = predictions.get(row, 0);
        }
        return Matrix.wrap(predictions.rows(), 2, probabilities);
    }

    /**
     * The predicted class of each row.
     *
     * @param threshold the probability above which the second of two classes is predicted; null for the most probable class
     */
    public List<String> decode(Matrix predictions, @Nullable Float threshold) {
        requireFits(predictions.columns());
        String[] decoded = new String[predictions.rows()];
        for (int row = 0; row < decoded.length; row++) {
            decoded[row] = names.get(ClassificationMetrics.classOf(predictions, row, threshold));
        }
        return List.of(decoded);
    }

    /**
     * The predicted classes of each row, any number of them, if they do not exclude each other.
     *
     * @param threshold the probability above which a class is predicted; null for 0.5
     */
    public List<List<String>> decodeSets(Matrix predictions, @Nullable Float threshold) {
        requireFits(predictions.columns());
        float limit = threshold == null ? MultiLabelMetrics.DEFAULT_THRESHOLD : threshold;
        List<List<String>> decoded = new ArrayList<>(predictions.rows());
        for (int row = 0; row < predictions.rows(); row++) {
            List<String> found = new ArrayList<>();
            for (int column = 0; column < predictions.columns(); column++) {
                if (predictions.get(row, column) > limit) {
                    found.add(names.get(column));
                }
            }
            decoded.add(List.copyOf(found));
        }
        return decoded;
    }
}
