package io.backprop.engine;

import static io.backprop.engine.kernel.Fma.fma;

import io.backprop.engine.kernel.Kernels;
import java.util.Arrays;

/**
 * The weights of the first layer as products {@code W′ᵢⱼ = sᵢ·Wᵢⱼ} of a learned scale of input i, initially 1, and weights W:
 * {@code ∂L/∂Wᵢⱼ = sᵢ·∂L/∂W′ᵢⱼ} and {@code ∂L/∂sᵢ = Σⱼ ∂L/∂W′ᵢⱼ·Wᵢⱼ}. A scale can make its input more or less important in
 * few steps. Penalties and weight decay apply to W, but not to s. Holzmüller, Grinsztajn and Steinwart 2024.
 */
final class FrontScale {
    /*
     * The parameters of the network hold W′ after every step, so that only the descent knows of the scales. W has the
     * position of W′, which comes first in the parameters. All methods work on a range of inputs, independent of all others.
     */

    private final int units; // of the first layer
    private final float rateFactor;
    private final float[] weights; // W, inputs × units
    private final float[] scales; // s, inputs
    private final float[] gradient; // with respect to s, inputs
    private final Updater updater; // of s

    /** @param parameters of the network. Not modified. */
    FrontScale(DenseLayer first, TrainingPlan plan, float[] parameters) {
        this.units = first.units();
        this.rateFactor = plan.frontScale();
        this.weights = Arrays.copyOf(parameters, first.inputs() * units);
        this.scales = new float[first.inputs()];
        this.gradient = new float[scales.length];
        this.updater = plan.optimizer().updaterFor(scales.length);
        Arrays.fill(scales, 1);
    }

    /** The number of floats that a front scale and the copy of its state take. */
    static long floats(NetworkSpec spec, int moments) {
        long inputs = spec.inputs();
        long state = inputs * spec.layers().get(0).units() + (1 + moments) * inputs;
        return 2 * state + inputs;
    }

    /** The weights W. Modified by their updates. */
    float[] weights() {
        return weights;
    }

    /** Begins a step. */
    void begin(long step) {
        updater.begin(step);
    }

    /**
     * Replaces the gradient with respect to W′ by that with respect to W, and computes that with respect to s.
     *
     * @param layerGradient inputs × units. Modified.
     */
    void differentiate(float[] layerGradient, int first, int inputs) {
        for (int input = first; input < first + inputs; input++) {
            gradient[input] = product(layerGradient, weights, input * units, units);
            float scale = scales[input];
            for (int i = input * units; i < (input + 1) * units; i++) {
                layerGradient[i] *= scale;
            }
        }
    }

    /** {@code Σ a·b} in four lanes: lane l is a chain of {@code fma} over elements l, l + 4, …; then the rest follows. */
    private static float product(float[] a, float[] b, int offset, int length) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = offset;
        for (; i <= offset + length - 4; i += 4) {
            sum0 = fma(a[i], b[i], sum0);
            sum1 = fma(a[i + 1], b[i + 1], sum1);
            sum2 = fma(a[i + 2], b[i + 2], sum2);
            sum3 = fma(a[i + 3], b[i + 3], sum3);
        }
        float sum = sum0 + sum1 + (sum2 + sum3);
        for (; i < offset + length; i++) {
            sum = fma(a[i], b[i], sum);
        }
        return sum;
    }

    /** The sum of squares of the gradient with respect to all scales. */
    double sumOfSquares(Kernels kernels) {
        return kernels.sumOfSquares(gradient, 0, gradient.length);
    }

    /** Multiplies the gradient with respect to s. */
    void scaleGradient(Kernels kernels, float factor, int first, int inputs) {
        kernels.scale(factor, gradient, first, inputs);
    }

    /**
     * Updates s, after W, and computes W′.
     *
     * @param parameters of the network. Modified.
     */
    void update(float learningRate, float[] parameters, int first, int inputs) {
        updater.updateBiases(learningRate * rateFactor, gradient, scales, first, inputs);
        for (int input = first; input < first + inputs; input++) {
            float scale = scales[input];
            for (int i = input * units; i < (input + 1) * units; i++) {
                parameters[i] = scale * weights[i];
            }
        }
    }

    StateArrays state() {
        return new StateArrays(weights, scales).and(updater.state());
    }
}
