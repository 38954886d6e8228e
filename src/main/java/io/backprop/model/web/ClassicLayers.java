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
 * The hidden layers of a network that is described by its number of layers, with random widths unless they are given.
 *
 * @param layerCount number of hidden layers and the output layer
 * @param hiddenUnits widths of the hidden layers; null to draw each uniformly from 2 to 10
 */
record ClassicLayers(@Nullable Integer layerCount, @Nullable List<Integer> hiddenUnits) {

    static final int DEFAULT_LAYER_COUNT = 2;
    static final float DEFAULT_LEARNING_RATE = 0.06f;
    private static final int MIN_UNITS = 2;
    private static final int MAX_UNITS = 10;
    private static final long WIDTH_STREAM = 0x776964746873L; // derived from the seed

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
        SplitMix64 random = new SplitMix64(SplitMix64.derive(seed, WIDTH_STREAM));
        return IntStream.range(1, count)
                .map(layer -> MIN_UNITS + random.nextInt(MAX_UNITS - MIN_UNITS + 1))
                .mapToObj(units -> new LayerSpec(units, activation))
                .toList();
    }
}
