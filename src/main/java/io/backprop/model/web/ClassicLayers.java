package io.backprop.model.web;

import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.SplitMix64;
import io.backprop.limits.RequestLimits;
import io.backprop.model.InvalidInputException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The article's way to describe a network: by how many layers have weights, with hidden layers of random width.
 *
 * @param layerCount hidden layers and output layer
 * @param hiddenUnits absent: each drawn uniformly from 2..10
 */
record ClassicLayers(@Nullable Integer layerCount, @Nullable List<Integer> hiddenUnits) {

    static final int DEFAULT_LAYER_COUNT = 2;
    static final float DEFAULT_LEARNING_RATE = 0.06f;
    private static final int FEWEST_UNITS = 2;
    private static final int MOST_UNITS = 10;
    private static final long WIDTHS = 0x776964746873L; // branch of the seed

    ClassicLayers {
        if (layerCount != null && hiddenUnits != null && hiddenUnits.size() != layerCount - 1) {
            throw new InvalidInputException(
                    "hiddenUnits",
                    "hiddenUnits must have layerCount − 1 = %d widths, but has %d"
                            .formatted(layerCount - 1, hiddenUnits.size()));
        }
    }

    List<LayerSpec> hiddenLayers(Activation activation, long seed, RequestLimits limits) {
        if (hiddenUnits != null) {
            limits.requireLayers("hiddenUnits", hiddenUnits.size() + 1);
            for (int layer = 0; layer < hiddenUnits.size(); layer++) {
                limits.requireUnits("/hiddenUnits/" + layer, hiddenUnits.get(layer));
            }
            return hiddenUnits.stream()
                    .map(units -> new LayerSpec(units, activation))
                    .toList();
        }
        int count = layerCount == null ? DEFAULT_LAYER_COUNT : layerCount;
        limits.requireLayers("layerCount", count);
        SplitMix64 random = new SplitMix64(SplitMix64.derive(seed, WIDTHS));
        return IntStream.range(1, count)
                .map(layer -> FEWEST_UNITS + random.nextInt(MOST_UNITS - FEWEST_UNITS + 1))
                .mapToObj(units -> new LayerSpec(units, activation))
                .toList();
    }
}
