package io.backprop.training.web;

import io.backprop.training.History;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The values of the epochs of a training in columns of the same length; null where a value is unknown or not finite. */
@Schema(name = "History")
record HistoryResponse(
        @Schema(description = "Numbers of the epochs, from 1; of a cross-validation one fold after the other")
        List<Integer> epochs,

        @Schema(description = "Training loss of each epoch") List<@Nullable Double> loss,

        @Schema(description = "Validation loss of each epoch; null without validation rows") @Nullable
        List<@Nullable Double> validationLoss,

        @Schema(description = "Validation metrics of each epoch by name; null if none was measured") @Nullable
        Map<String, List<@Nullable Double>> validationMetrics) {

    static final int MIN_POINTS = 2;
    static final int MAX_POINTS = 10_000;

    /**
     * Thins a history evenly. The lists are views.
     *
     * @param points maximum number of epochs, at least 2; the first and the last one are always among them. Null for all
     */
    static HistoryResponse of(History history, @Nullable Integer points) {
        int[] epochs = history.epochs(points);
        Map<String, List<@Nullable Double>> metrics = history.validationMetrics();
        if (metrics != null) {
            metrics = new TreeMap<>(metrics);
            metrics.replaceAll((name, values) -> view(epochs.length, i -> values.get(epochs[i] - 1)));
        }
        List<@Nullable Double> validationLoss = history.validationLoss();
        return new HistoryResponse(
                view(epochs.length, i -> epochs[i]),
                at(epochs, history.loss()),
                validationLoss == null ? null : at(epochs, validationLoss),
                metrics);
    }

    /** A view of the values of some epochs. */
    private static List<@Nullable Double> at(int[] epochs, List<@Nullable Double> values) {
        return view(epochs.length, i -> values.get(epochs[i] - 1));
    }

    private static <T extends @Nullable Object> List<T> view(int size, IntFunction<T> element) {
        return new AbstractList<>() {
            @Override
            public T get(int index) {
                return element.apply(index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }
}
