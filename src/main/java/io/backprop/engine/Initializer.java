package io.backprop.engine;

/** The random distribution of a layer's initial parameters; {@code nᵢₙ} and {@code nₒᵤₜ} are its inputs and units. */
public enum Initializer {
    /** Weights and biases uniform in [0, 1). */
    UNIFORM,
    /** Weights and biases from N(0, 1). */
    NORMAL,
    /** Weights uniform in ±√(6 / (nᵢₙ + nₒᵤₜ)), biases 0. Glorot and Bengio 2010. */
    GLOROT_UNIFORM,
    /** Weights from N(0, 2 / (nᵢₙ + nₒᵤₜ)), biases 0. Glorot and Bengio 2010. */
    GLOROT_NORMAL,
    /** Weights uniform in ±√(6 / nᵢₙ), biases 0. He et al. 2015. */
    HE_UNIFORM,
    /** Weights from N(0, 2 / nᵢₙ), biases 0. He et al. 2015. */
    HE_NORMAL,
    /**
     * Weights from N(0, 1 / nᵢₙ) and biases from N(0, 1), of the output layer all 0. With Adam and factors {@code 1 / √nᵢₙ} of
     * the learning rate of weights, these are the steps of layers {@code x·W / √nᵢₙ + b} with weights from N(0, 1). Jacot,
     * Gabriel and Hongler 2018; Holzmüller, Grinsztajn and Steinwart 2024.
     */
    NTK_NORMAL;

    /** The default for layers with this activation: {@code HE_NORMAL} for rectifiers, else {@code GLOROT_UNIFORM}. For {@link
     * Activation#SELU} the variance must be {@code 1 / nᵢₙ}, which Glorot's is between layers of equal width. */
    public static Initializer defaultFor(Activation activation) {
        return activation.isRectifier() ? HE_NORMAL : GLOROT_UNIFORM;
    }

    private boolean drawsBiases() {
        return this == UNIFORM || this == NORMAL || this == NTK_NORMAL;
    }

    /**
     * Draws the parameters of one layer in their order.
     *
     * @param parameters the layer's weights, inputs × units, and biases, from {@code offset}, all 0. Modified.
     * @param output whether this is the output layer
     */
    void fill(float[] parameters, int offset, int inputs, int units, boolean output, SplitMix64 random) {
        if (output && this == NTK_NORMAL) {
            return;
        }
        int biases = offset + inputs * units;
        for (int i = offset; i < biases; i++) {
            parameters[i] = weight(inputs, units, random);
        }
        for (int i = biases; drawsBiases() && i < biases + units; i++) {
            parameters[i] = this == UNIFORM ? random.nextFloat() : normal(random, 1);
        }
    }

    private float weight(int inputs, int units, SplitMix64 random) {
        return switch (this) {
            case UNIFORM -> random.nextFloat();
            case NORMAL -> normal(random, 1);
            case GLOROT_UNIFORM -> symmetric(random, 6.0 / ((double) inputs + units));
            case GLOROT_NORMAL -> normal(random, 2.0 / ((double) inputs + units));
            case HE_UNIFORM -> symmetric(random, 6.0 / inputs);
            case HE_NORMAL -> normal(random, 2.0 / inputs);
            case NTK_NORMAL -> normal(random, 1.0 / inputs);
        };
    }

    private static float symmetric(SplitMix64 random, double squaredLimit) {
        return (float) ((2 * random.nextFloat() - 1) * Math.sqrt(squaredLimit));
    }

    private static float normal(SplitMix64 random, double variance) {
        return (float) (random.nextGaussian() * Math.sqrt(variance));
    }
}
