package io.backprop.training;

import io.backprop.engine.StopReason;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How well a model does on rows that it was not trained on, each of them once.
 *
 * @param folds parts that the rows are dealt to
 * @param results one for each fold, in turn; none before the end
 */
public record CrossValidation(int folds, List<Fold> results) {

    public static final int DEFAULT_FOLDS = 5;

    public CrossValidation {
        results = List.copyOf(results);
    }

    /**
     * A network that was trained on all rows but those of one fold, and measured on these.
     *
     * @param examples measured on
     * @param epochs trained
     * @param loss mean over these examples
     * @param metrics all that are one number, in the unit of the targets
     */
    public record Fold(int examples, int epochs, double loss, Map<String, @Nullable Double> metrics) {}

    /** A mean over the folds, and the standard deviation from it. */
    public record Spread(double mean, double deviation) {

        /** Null if any value is. */
        static @Nullable Spread of(List<Fold> folds, Function<Fold, @Nullable Double> value) {
            double[] values = new double[folds.size()];
            for (int i = 0; i < values.length; i++) {
                Double ofFold = value.apply(folds.get(i));
                if (ofFold == null) {
                    return null;
                }
                values[i] = ofFold;
            }
            double mean = Arrays.stream(values).sum() / values.length;
            double squares = Arrays.stream(values)
                    .map(one -> (one - mean) * (one - mean))
                    .sum();
            return new Spread(mean, Math.sqrt(squares / values.length));
        }
    }

    /** The spread of each metric by its name, the loss first; null of one that a fold does not have. */
    public Map<String, @Nullable Spread> spreads() {
        Map<String, @Nullable Spread> spreads = new LinkedHashMap<>();
        if (!results.isEmpty()) {
            spreads.put("loss", Spread.of(results, Fold::loss));
            for (String name : results.get(0).metrics().keySet()) {
                spreads.put(name, Spread.of(results, fold -> fold.metrics().get(name)));
            }
        }
        return spreads;
    }

    /**
     * Why the trainings ended: early, if one did.
     *
     * @param epochs that each was to run
     */
    StopReason stopReason(int epochs) {
        return results.stream().allMatch(fold -> fold.epochs() == epochs)
                ? StopReason.EPOCHS
                : StopReason.EARLY_STOPPING;
    }

    /** The mean of the metric that says most, by its name. */
    Map<String, @Nullable Double> means() {
        Map<String, @Nullable Spread> spreads = spreads();
        String name = spreads.containsKey("accuracy") ? "accuracy" : "r2";
        Spread spread = spreads.get(name);
        return Collections.singletonMap(name, spread == null ? null : spread.mean());
    }
}
