package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;

import java.util.List;

/**
 * Factors of the learning rate of a step, by layer and kind of parameter: {@code p ← p − η·factor·…}. They multiply a weight
 * decay as well. With a factor of 0, parameters do not change.
 *
 * @param layers one element for all layers, or one for each; empty for a factor of 1
 */
public record LearningRateFactors(List<Layer> layers) {

    /** All factors are 1. */
    public static final LearningRateFactors NONE = new LearningRateFactors(List.of());

    private static final Layer ONE = new Layer(1, 1);

    public LearningRateFactors {
        layers = List.copyOf(layers);
    }

    /**
     * The factors of a layer.
     *
     * @param weights at least 0; default 1
     * @param biases at least 0; default 1
     */
    public record Layer(float weights, float biases) {
        public Layer {
            requireNotNegative(weights, "weights");
            requireNotNegative(biases, "biases");
        }
    }

    /** The same factors for all layers. */
    public static LearningRateFactors of(float weights, float biases) {
        return new LearningRateFactors(List.of(new Layer(weights, biases)));
    }

    Layer layer(int index) {
        return layers.isEmpty() ? ONE : layers.get(layers.size() == 1 ? 0 : index);
    }

    /** Whether all factors are 1. */
    boolean areOne() {
        return layers.stream().allMatch(ONE::equals);
    }

    /** Checks that there are factors for this number of layers. */
    public void requireFit(int count) {
        requireArgument(
                layers.size() <= 1 || layers.size() == count,
                "learningRateFactors must have one element, or one for each of the %d layers, but have %d",
                count,
                layers.size());
    }
}
