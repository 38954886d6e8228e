package io.backprop.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The columns that predictions add to a table: {@code prediction} and, for a classification, {@code probability_CLASS} for
 * each class. Columns of the table that have the name of one of these are left out.
 *
 * @param names in their order
 */
public record PredictionColumns(List<String> names) {

    public static final String PREDICTION = "prediction";
    public static final String PROBABILITY = "probability_";

    public PredictionColumns {
        names = List.copyOf(names);
    }

    /** @param classes empty for a regression */
    static PredictionColumns of(List<String> classes) {
        List<String> names = new ArrayList<>(List.of(PREDICTION));
        classes.forEach(name -> names.add(PROBABILITY + name));
        return new PredictionColumns(names);
    }

    /** The indexes of the columns of a table that stay. */
    public int[] kept(List<String> table) {
        return IntStream.range(0, table.size())
                .filter(column -> !names.contains(table.get(column).strip()))
                .toArray();
    }

    /** A warning about each column of a table that is left out. */
    public List<String> warnings(List<String> table) {
        return table.stream()
                .map(String::strip)
                .filter(names::contains)
                .map("column \"%s\" of the rows is left out for the prediction's"::formatted)
                .toList();
    }
}
