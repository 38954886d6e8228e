package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.LayerParameters;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.Vector;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.FoldPreprocessor;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The scales of a fold, beside those of the model.
 *
 * @param shared preprocessing of the model
 * @param inputs of the fold
 * @param targets of the fold
 */
record FoldScaling(Preprocessing shared, FoldPreprocessor inputs, Scaling targets) {
    /*
     * A network that was trained with the scales of its fold is published with those of the model. Both are affine, so that
     * the difference goes into the weights and biases of the first layer and, for scaled targets, of the last one, whose
     * activation is then linear. An input that was always 0 gets weights of 0. The published network differs only in a gap,
     * which the model fills with the mean of all rows, and the network was trained with that of its fold's training rows.
     *
     * The clip of robust scaling is not affine. With it, a fold has the model's own scales of inputs, which are fitted to
     * all training rows but do not see the targets; only inputs that are constant in the rows of the fold are always 0.
     */

    /** Examples that are scaled as those of the fold. */
    Examples apply(Examples unscaled) {
        return unscaled.with(inputs.apply(unscaled.inputs()), targets.apply(unscaled.targets()));
    }

    /** The network that predicts the same from inputs, and in targets, as the model scales them. */
    Network published(Network trained) {
        List<LayerParameters> layers = new ArrayList<>(trained.layers());
        layers.set(0, withModelInputs(layers.get(0)));
        if (!shared.targets().equals(targets)) {
            int last = layers.size() - 1;
            layers.set(last, withModelTargets(layers.get(last)));
        }
        return Network.of(trained.spec(), layers);
    }

    private LayerParameters withModelInputs(LayerParameters layer) {
        int width = layer.weights().columns();
        FoldPreprocessor model = FoldPreprocessor.of(shared, width);
        double[] factors = new double[width];
        double[] offsets = new double[width];
        for (int input = 0; input < width; input++) {
            ColumnScaling own = inputs.scale(input);
            ColumnScaling published = Objects.requireNonNull(model.scale(input));
            factors[input] = own == null ? 0 : published.factor() / own.factor();
            offsets[input] = own == null ? 0 : (published.offset() - own.offset()) / own.factor();
        }
        int units = layer.weights().rows();
        float[] weights = new float[units * width];
        float[] biases = new float[units];
        for (int unit = 0; unit < units; unit++) {
            double bias = layer.biases().get(unit);
            for (int input = 0; input < width; input++) {
                double weight = layer.weights().get(unit, input);
                weights[unit * width + input] = (float) (weight * factors[input]);
                bias += weight * offsets[input];
            }
            biases[unit] = (float) bias;
        }
        return new LayerParameters(Matrix.wrap(units, width, weights), Vector.wrap(biases));
    }

    private LayerParameters withModelTargets(LayerParameters layer) {
        int units = layer.weights().rows();
        int width = layer.weights().columns();
        float[] weights = new float[units * width];
        float[] biases = new float[units];
        for (int unit = 0; unit < units; unit++) {
            ColumnScaling own = targets.columns().get(unit);
            ColumnScaling published = shared.targets().columns().get(unit);
            double factor = own.factor() / published.factor();
            for (int input = 0; input < width; input++) {
                weights[unit * width + input] = (float) (layer.weights().get(unit, input) * factor);
            }
            double offset = (own.offset() - published.offset()) / published.factor();
            biases[unit] = (float) (layer.biases().get(unit) * factor + offset);
        }
        return new LayerParameters(Matrix.wrap(units, width, weights), Vector.wrap(biases));
    }
}
