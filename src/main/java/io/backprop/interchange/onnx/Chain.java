package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.OnnxException.require;

import io.backprop.interchange.onnx.Expression.Activated;
import io.backprop.interchange.onnx.Expression.Dense;
import io.backprop.interchange.onnx.Expression.Function;
import io.backprop.interchange.onnx.Expression.Input;
import io.backprop.limits.RequestLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dense layers between the input of a graph and an expression.
 *
 * @param scaling of the inputs, increasing; null for none
 */
record Chain(@Nullable Affine scaling, List<Layer> layers) {

    Chain {
        layers = List.copyOf(layers);
    }

    /** @throws OnnxException if there is anything but layers */
    static Chain of(Expression expression, RequestLimits limits) {
        Deque<Expression> steps = steps(expression);
        limits.requireLayers(
                "", (int) steps.stream().filter(step -> step instanceof Dense).count());
        Affine scaling = null;
        Affine before = null; // the next layer
        List<Layer> layers = new ArrayList<>();
        for (Expression step : steps) {
            Layer last = layers.isEmpty() ? null : layers.get(layers.size() - 1);
            if (step instanceof Dense dense) {
                layers.add(new Layer(dense, before));
                before = null;
            } else if (step instanceof Affine affine) {
                if (last == null && affine.isIncreasing()) {
                    scaling = affine;
                } else if (last == null || last.hasActivation()) {
                    before = affine;
                } else {
                    layers.set(layers.size() - 1, last.withAffine(affine));
                }
            } else {
                Activated activated = (Activated) step;
                if (last == null || last.hasActivation()) {
                    throw activated.by().unsupported("it must come after a linear layer");
                }
                activated
                        .by()
                        .requireSupported(
                                step == expression || !activated.activation().isOutputOnly(),
                                "it is for the output layer only");
                layers.set(layers.size() - 1, last.withActivation(activated.activation()));
            }
        }
        require(before == null, "numbers after the output activation must be multiplied by positive numbers");
        require(!layers.isEmpty(), "the graph has no linear layer (Gemm, or MatMul) between its input and its output");
        return new Chain(scaling, layers);
    }

    /** The expressions that lead to one, from the one after the input on. */
    private static Deque<Expression> steps(Expression expression) {
        Deque<Expression> steps = new ArrayDeque<>();
        Expression step = expression;
        while (!(step instanceof Input)) {
            steps.addFirst(step);
            if (step instanceof Dense dense) {
                step = dense.of();
            } else if (step instanceof Affine affine) {
                step = affine.argument();
            } else if (step instanceof Activated activated) {
                step = activated.of();
            } else if (step instanceof Function function) {
                throw function.by().unsupported("");
            } else {
                throw new OnnxException("the graph computes something from the probabilities of two classes");
            }
        }
        return steps;
    }
}
