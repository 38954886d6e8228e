package io.backprop.training;

import io.backprop.engine.MeanAndDeviation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of a model on rows that it was not trained on, measured on each row once.
 *
 * @param folds number of parts that the rows are divided into
 * @param results one for each fold, in order; empty before the end
 */
public record CrossValidation(int folds, List<FoldResult> results) {

    public static final int DEFAULT_FOLDS = 5;

    private static final String LOSS = "loss";

    public CrossValidation {
        results = List.copyOf(results);
    }

    /**
     * The result of one fold: a network was trained on the rows of all other folds and measured on those of this one.
     *
     * @param examples number of examples of the fold
     * @param epochs number of completed epochs
     * @param loss mean over these examples
     * @param metrics scalar metrics, in the unit of the targets
     */
    public record FoldResult(int examples, int epochs, double loss, Map<String, @Nullable Double> metrics) {}

    /** Mean and deviation of each metric by its name, the loss first; null if it is undefined for a fold. */
    public Map<String, @Nullable MeanAndDeviation> spreads() {
        Map<String, @Nullable MeanAndDeviation> spreads = new LinkedHashMap<>();
        if (!results.isEmpty()) {
            spreads.put(LOSS, overFolds(FoldResult::loss));
            for (String name : results.get(0).metrics().keySet()) {
                spreads.put(name, overFolds(fold -> fold.metrics().get(name)));
            }
        }
        return spreads;
    }

    private @Nullable MeanAndDeviation overFolds(Function<FoldResult, @Nullable Double> value) {
        List<Double> values =
                results.stream().map(value).flatMap(Stream::ofNullable).toList();
        return values.size() < results.size() ? null : MeanAndDeviation.of(values.size(), values::get);
    }

    /** The mean of each metric by its name; null if it is undefined for a fold. */
    Map<String, @Nullable Double> means() {
        Map<String, @Nullable Double> means = new LinkedHashMap<>();
        spreads().forEach((name, spread) -> means.put(name, spread == null ? null : spread.mean()));
        means.remove(LOSS);
        return means;
    }
}
