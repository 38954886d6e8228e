package io.backprop.prediction;

import io.backprop.tabular.Preprocessing.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The inputs of a network that are one feature to those who made the data.
 *
 * @param first index of the first of them
 * @param width how many there are
 */
record FeatureRange(String name, int first, int width) {

    static final FeatureRange NONE = new FeatureRange("", 0, 0);

    /** Of a table its columns; of rows of numbers each input, by its index. */
    static List<FeatureRange> of(Predictor predictor) {
        if (!(predictor.architecture().preprocessing() instanceof Columns columns)) {
            return IntStream.range(0, predictor.network().spec().inputs())
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

    /** The index behind the last of them. */
    int end() {
        return first + width;
    }
}
