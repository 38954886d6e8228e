package io.backprop.training;

import io.backprop.engine.MeanAndDeviation;
import io.backprop.engine.StopReason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
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

    /** The spread of each metric by its name, the loss first; null of one that a fold does not have. */
    public Map<String, @Nullable MeanAndDeviation> spreads() {
        Map<String, @Nullable MeanAndDeviation> spreads = new LinkedHashMap<>();
        if (!results.isEmpty()) {
            spreads.put("loss", overFolds(Fold::loss));
            for (String name : results.get(0).metrics().keySet()) {
                spreads.put(name, overFolds(fold -> fold.metrics().get(name)));
            }
        }
        return spreads;
    }

    private @Nullable MeanAndDeviation overFolds(Function<Fold, @Nullable Double> value) {
        List<Double> values =
                results.stream().map(value).flatMap(Stream::ofNullable).toList();
        return values.size() < results.size() ? null : MeanAndDeviation.of(values.size(), values::get);
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
        Map<String, @Nullable MeanAndDeviation> spreads = spreads();
        String name = spreads.containsKey("accuracy") ? "accuracy" : "r2";
        MeanAndDeviation spread = spreads.get(name);
        return Collections.singletonMap(name, spread == null ? null : spread.mean());
    }
}
