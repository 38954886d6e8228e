package io.backprop.prediction;

import io.backprop.tabular.Preprocessing.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The inputs of a network that encode one feature.
 *
 * @param first index of the first input
 * @param width number of inputs
 */
record FeatureRange(String name, int first, int width) {

    static final FeatureRange NONE = new FeatureRange("", 0, 0);

    /** The columns of a table; for rows of numbers each input, named by its index. */
    static List<FeatureRange> of(Predictor predictor) {
        if (!(predictor.architecture().preprocessing() instanceof Columns columns)) {
            return IntStream.range(0, predictor.ensemble().spec().inputs())
                    .mapToObj(input -> new FeatureRange(String.valueOf(input), input, 1))
                    .toList();
        }
        List<FeatureRange> features = new ArrayList<>();
        int first = 0;
        for (var feature : columns.features()) {
            features.add(new FeatureRange(feature.name(), first, feature.width()));
            first += feature.width();
        }
        return features;
    }

    /** The index after the last input. */
    int end() {
        return first + width;
    }
}
