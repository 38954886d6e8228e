package io.backprop.interchange.onnx;

import io.backprop.tabular.CellFormat;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Scaling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The part of a graph that encodes the columns of a table as inputs of the network. */
final class ColumnsGraph {
    /*
     * Columns of numbers that follow one another become a matrix first, so that hundreds of columns need only a few nodes
     * besides those that turn each one into a matrix of one column.
     */

    private static final List<String> TRUTH_VALUES = List.of("true", "false");
    private static final long NONE = -1; // of the inputs is 1

    private final GraphBuilder graph;
    private final CellFormat format;
    private final List<Feature> features;
    private final List<String> blocks = new ArrayList<>(); // of columns of the network's inputs

    ColumnsGraph(GraphBuilder graph, Columns columns) {
        this.graph = graph;
        this.format = columns.format();
        this.features = columns.features();
    }

    /** Adds the nodes that encode all columns, and returns the name of their result, rows × inputs. */
    String build() {
        int first = 0;
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i) instanceof Feature.Categorical categorical) {
                addNumbers(first, i);
                String name = "column%d".formatted(i);
                String encoded = categorical.isSigned() ? signed(categorical, name) : oneHot(categorical, name);
                blocks.add(new ScalingGraph(graph, name, new Scaling(categorical.scales())).apply(encoded));
                first = i + 1;
            }
        }
        addNumbers(first, features.size());
        return concatenate("features", blocks);
    }

    private String concatenate(String output, List<String> matrices) {
        return matrices.size() == 1
                ? matrices.get(0)
                : graph.add(
                        output, "Concat", Map.of("axis", new OnnxAttribute.OfInt(1)), matrices.toArray(String[]::new));
    }

    /** Adds a block for the columns of numbers from one up to another. */
    private void addNumbers(int from, int to) {
        if (from == to) {
            return;
        }
        String name = "columns%dto%d".formatted(from, to - 1);
        List<Feature.Numeric> numbers = features.subList(from, to).stream()
                .map(Feature.Numeric.class::cast)
                .toList();
        String axis = graph.constant(name + ".axis", 1L);
        List<String> columns = IntStream.range(from, to)
                .mapToObj(i -> graph.add(
                        "column%d".formatted(i), "Unsqueeze", features.get(i).name(), axis))
                .toList();
        String matrix = concatenate(name, columns);
        Scaling scaling =
                new Scaling(numbers.stream().map(Feature.Numeric::scale).toList());
        String scaled = new ScalingGraph(graph, name, scaling).apply(matrix);
        String means = graph.constant(name + ".means", means(numbers));
        String missing = missing(name, matrix, numbers);
        String filled = graph.add(name + ".filled", "Where", missing, means, scaled);
        blocks.add(
                numbers.stream().allMatch(feature -> feature.indicator() == null)
                        ? filled
                        : withIndicators(name, numbers, filled, missing));
    }

    /** Adds the indicators of missing numbers, each behind its number. */
    private String withIndicators(String name, List<Feature.Numeric> numbers, String filled, String missing) {
        float[] absent = new float[numbers.size()];
        float[] present = new float[numbers.size()];
        List<Long> order = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            order.add((long) i);
            ColumnScaling indicator = numbers.get(i).indicator();
            if (indicator != null) {
                absent[i] = indicator.apply(1);
                present[i] = indicator.apply(0);
                order.add((long) numbers.size() + i);
            }
        }
        String indicators = graph.add(
                name + ".indicators",
                "Where",
                missing,
                graph.constant(name + ".absent", absent),
                graph.constant(name + ".present", present));
        String both = concatenate(name + ".both", List.of(filled, indicators));
        String indexes = graph.constant(
                name + ".order", order.stream().mapToLong(Long::longValue).toArray());
        return graph.add(name + ".ordered", "Gather", Map.of("axis", new OnnxAttribute.OfInt(1)), both, indexes);
    }

    /** The inputs of missing numbers. */
    private static float[] means(List<Feature.Numeric> numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i).missing();
        }
        return values;
    }

    /** Which elements are missing: those that are NaN, and numbers that stand for missing values unless they are dates. */
    private String missing(String name, String matrix, List<Feature.Numeric> numbers) {
        String missing = graph.add(name + ".missing", "IsNaN", matrix);
        List<Float> words = format.missingNumbers();
        for (int word = 0; word < words.size(); word++) {
            float[] row = new float[numbers.size()];
            for (int i = 0; i < row.length; i++) {
                row[i] = numbers.get(i).dates() ? Float.NaN : words.get(word); // nothing equals NaN
            }
            String wordName = "%s.missing%d".formatted(name, word);
            String equal = graph.add(wordName + ".equal", "Equal", matrix, graph.constant(wordName, row));
            missing = graph.add(wordName + ".or", "Or", missing, equal);
        }
        return missing;
    }

    private String oneHot(Feature.Categorical feature, String name) {
        Map<String, Long> inputs = inputsOfWords(feature);
        String index = graph.add(
                name + ".index",
                GraphBuilder.ML,
                "LabelEncoder",
                Map.of(
                        "keys_strings", new OnnxAttribute.OfStrings(List.copyOf(inputs.keySet())),
                        "values_int64s", new OnnxAttribute.OfInts(List.copyOf(inputs.values())),
                        "default_int64", new OnnxAttribute.OfInt(NONE)),
                feature.name());
        List<Long> indexes = LongStream.range(0, feature.width()).boxed().toList();
        return graph.add(
                name + ".oneHot",
                GraphBuilder.ML,
                "OneHotEncoder",
                Map.of("cats_int64s", new OnnxAttribute.OfInts(indexes), "zeros", new OnnxAttribute.OfInt(1)),
                index);
    }

    /** One input of −1 and 1. */
    private String signed(Feature.Categorical feature, String name) {
        Map<String, Long> categories = inputsOfWords(feature);
        List<Float> signs = categories.values().stream()
                .map(category -> category == NONE ? 0f : 2f * category - 1)
                .toList();
        String sign = graph.add(
                name + ".sign",
                GraphBuilder.ML,
                "LabelEncoder",
                Map.of(
                        "keys_strings", new OnnxAttribute.OfStrings(List.copyOf(categories.keySet())),
                        "values_floats", new OnnxAttribute.OfFloats(signs),
                        "default_float", new OnnxAttribute.OfFloat(0)),
                feature.name());
        return graph.add(name + ".column", "Unsqueeze", sign, graph.constant(name + ".axis", 1L));
    }

    /** The index of the category, or of missing values, of each word. */
    private Map<String, Long> inputsOfWords(Feature.Categorical feature) {
        Map<String, Long> inputs = new LinkedHashMap<>();
        List<String> categories = feature.categories();
        long missing = feature.missing() ? categories.size() : NONE;
        Stream.concat(CellFormat.MISSING.stream(), format.missing().stream())
                .forEach(word -> inputs.put(word, missing));
        for (int i = 0; i < categories.size(); i++) {
            inputs.putIfAbsent(categories.get(i), (long) i);
        }
        for (String truthValue : TRUTH_VALUES) {
            List<String> same =
                    categories.stream().filter(truthValue::equalsIgnoreCase).toList();
            if (same.size() == 1) {
                long input = categories.indexOf(same.get(0));
                capitalizations(truthValue).forEach(word -> inputs.putIfAbsent(word, input));
            }
        }
        return inputs;
    }

    /** A word with all combinations of small and capital letters. */
    private static Stream<String> capitalizations(String word) {
        return IntStream.range(0, 1 << word.length()).mapToObj(capitals -> {
            StringBuilder letters = new StringBuilder(word);
            for (int i = 0; i < word.length(); i++) {
                if ((capitals >> i & 1) == 1) {
                    letters.setCharAt(i, Character.toUpperCase(word.charAt(i)));
                }
            }
            return letters.toString();
        });
    }
}
