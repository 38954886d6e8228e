package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A slow and simple implementation of features and encoding, on strings, without shared code. */
record ReferenceTable(List<String> columns, List<List<String>> rows) {

    private static final Set<String> MISSING =
            Set.of("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A N/A", "-1.#IND");
    private static final String NUMBER = "[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?";
    private static final String DATE = "\\d{4}-\\d\\d-\\d\\d";

    @Nullable
    String cell(int row, int column) {
        String cell = rows.get(row).get(column).trim();
        return MISSING.contains(cell) ? null : cell;
    }

    /** The cells of a column that are not missing. */
    private List<String> cells(int column, IntStream some) {
        List<String> cells = new ArrayList<>();
        some.forEach(row -> {
            String cell = cell(row, column);
            if (cell != null) {
                cells.add(cell);
            }
        });
        return cells;
    }

    /** The features of all columns but the last, which is the target. */
    List<Feature> fit(int[] training, @Nullable ScalingMethod scaling) {
        List<Feature> features = new ArrayList<>();
        for (int column = 0; column < columns.size() - 1; column++) {
            Feature feature = fit(column, training, scaling);
            if (feature != null) {
                features.add(feature);
            }
        }
        return features;
    }

    private @Nullable Feature fit(int column, int[] training, @Nullable ScalingMethod scaling) {
        List<String> all = cells(column, IntStream.range(0, rows.size()));
        List<String> known = cells(column, IntStream.of(training));
        Set<String> different = new LinkedHashSet<>(known);
        boolean numbers = share(all, false) >= 0.95;
        boolean dates = share(all, true) >= 0.95;
        if (known.isEmpty()) {
            return null;
        }
        if (numbers || dates) {
            double[] values = known.stream()
                    .filter(cell -> matches(cell, dates))
                    .mapToDouble(ReferenceTable::value)
                    .toArray();
            ColumnScaling standard = values.length == 0 ? null : scale(values);
            if (standard == null) {
                return null;
            }
            if (scaling == ScalingMethod.STANDARD) {
                return new Feature.Numeric(columns.get(column), standard, range(values), dates);
            }
            boolean robust = scaling == ScalingMethod.ROBUST;
            double[] gaps = new double[training.length];
            Arrays.fill(gaps, values.length, gaps.length, 1);
            return new Feature.Numeric(
                    columns.get(column),
                    standard.offset(),
                    standard.factor(),
                    range(values),
                    dates,
                    robust ? robust(values) : ColumnScaling.NONE,
                    robust && values.length < training.length ? robust(gaps) : null);
        }
        boolean missing = known.size() < training.length;
        boolean useless = different.size() > 1 ? different.size() == known.size() : !missing;
        if (useless || different.size() > 1000) {
            return null;
        }
        List<String> categories = byFrequency(known);
        return scaling == ScalingMethod.ROBUST
                ? new Feature.Categorical(columns.get(column), categories, false, robust(column, categories, training))
                : new Feature.Categorical(columns.get(column), categories, missing);
    }

    private List<ColumnScaling> robust(int column, List<String> categories, int[] training) {
        int inputs = categories.size() == 2 ? 1 : categories.size();
        return IntStream.range(0, inputs)
                .mapToObj(input -> robust(IntStream.of(training)
                        .mapToDouble(row -> raw(categories, cell(row, column)).get(input))
                        .toArray()))
                .toList();
    }

    private static ColumnScaling robust(double[] values) {
        double[] sorted =
                DoubleStream.of(values).map(value -> value + 0.0).sorted().toArray();
        double spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
        double half = (sorted[sorted.length - 1] - sorted[0]) / 2;
        return new ColumnScaling(quantile(sorted, 0.5), spread > 0 ? spread : half > 0 ? half : 1, true);
    }

    private static double quantile(double[] sorted, double share) {
        double index = share * (sorted.length - 1);
        int below = (int) Math.floor(index);
        int above = (int) Math.ceil(index);
        return sorted[below] + (sorted[above] - sorted[below]) * (index - below);
    }

    /** The inputs of a category before they are scaled robustly. */
    private static List<Double> raw(List<String> categories, @Nullable String cell) {
        if (categories.size() == 2) {
            return List.of(
                    categories.get(0).equals(cell) ? -1.0 : categories.get(1).equals(cell) ? 1.0 : 0.0);
        }
        return categories.stream()
                .map(category -> category.equals(cell) ? 1.0 : 0.0)
                .toList();
    }

    private static float apply(ColumnScaling scale, double value) {
        double z = (value - scale.offset()) / scale.factor();
        return (float) (scale.smoothClip() ? z / Math.sqrt(1 + z / 3 * (z / 3)) : z);
    }

    private static NumberRange range(double[] values) {
        double[] sorted =
                DoubleStream.of(values).map(value -> value + 0.0).sorted().toArray();
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return new NumberRange((float) sorted[0], (float) median, (float) sorted[sorted.length - 1]);
    }

    private static List<String> byFrequency(List<String> cells) {
        return new LinkedHashSet<>(cells)
                .stream()
                        .sorted(Comparator.<String>comparingInt(category -> -Collections.frequency(cells, category))
                                .thenComparing(Comparator.naturalOrder()))
                        .toList();
    }

    private static double share(List<String> cells, boolean dates) {
        return cells.stream().filter(cell -> matches(cell, dates)).count() / (double) cells.size();
    }

    /** Whether a cell is a number or, respectively, a date. */
    private static boolean matches(String cell, boolean dates) {
        return dates ? cell.startsWith("1") && cell.matches(DATE + ".*") : cell.matches(NUMBER);
    }

    private static @Nullable ColumnScaling scale(double[] values) {
        MathContext digits = new MathContext(60);
        BigDecimal count = BigDecimal.valueOf(values.length);
        BigDecimal sum = DoubleStream.of(values).mapToObj(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal squares = DoubleStream.of(values)
                .mapToObj(value -> new BigDecimal(value).pow(2))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal deviations = squares.multiply(count).subtract(sum.pow(2));
        boolean constant = IntStream.range(0, values.length).allMatch(i -> values[i] == values[0]);
        return constant
                ? null
                : new ColumnScaling(
                        sum.divide(count, digits).doubleValue(),
                        Math.sqrt(deviations.divide(count.pow(2), digits).doubleValue()));
    }

    /** The value of a number or a date. */
    static float value(String cell) {
        if (!cell.matches(DATE + ".*")) {
            return (float) Double.parseDouble(cell);
        }
        return cell.length() == 10
                ? (float) LocalDate.parse(cell).toEpochDay()
                : (float) (LocalDateTime.parse(cell).toEpochSecond(ZoneOffset.UTC) / 86_400.0);
    }

    Matrix encode(List<Feature> features, int[] some) {
        float[][] inputs = new float[some.length][];
        for (int i = 0; i < some.length; i++) {
            List<Float> values = new ArrayList<>();
            for (Feature feature : features) {
                values.addAll(encode(feature, cell(some[i], columns.indexOf(feature.name()))));
            }
            inputs[i] = new float[values.size()];
            for (int input = 0; input < inputs[i].length; input++) {
                inputs[i][input] = values.get(input);
            }
        }
        return Matrix.of(inputs);
    }

    private static List<Float> encode(Feature feature, @Nullable String cell) {
        if (feature instanceof Feature.Numeric numeric) {
            boolean missing = cell == null || !matches(cell, numeric.dates());
            double number = cell == null || missing ? numeric.mean() : value(cell);
            float input = apply(numeric.scale(), number);
            return numeric.indicator() == null
                    ? List.of(input)
                    : List.of(input, apply(numeric.indicator(), missing ? 1 : 0));
        }
        Feature.Categorical categorical = (Feature.Categorical) feature;
        if (!categorical.scales().isEmpty()) {
            List<Double> raw = raw(categorical.categories(), cell);
            return IntStream.range(0, raw.size())
                    .mapToObj(input -> apply(categorical.scales().get(input), raw.get(input)))
                    .toList();
        }
        List<Float> places = new ArrayList<>();
        categorical.categories().forEach(category -> places.add(category.equals(cell) ? 1f : 0f));
        if (categorical.missing()) {
            places.add(cell == null ? 1f : 0f);
        }
        return places;
    }
}
