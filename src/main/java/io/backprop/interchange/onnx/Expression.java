package io.backprop.interchange.onnx;

import io.backprop.engine.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a graph computes for each row of its input. Expressions are compared by identity. */
sealed interface Expression
        permits Expression.Input, Expression.Dense, Affine, Expression.Function, Expression.TwoClasses {

    /** The number of values for each row. */
    int width();

    /** The input of the graph. */
    record Input(int width) implements Expression {}

    /**
     * {@code y = x·W + b}.
     *
     * @param weights inputs × units, or units × inputs if transposed
     * @param biases null for none
     */
    record Dense(
            Expression of,
            Constant weights,
            boolean transposed,
            @Nullable Constant biases) implements Expression {
        @Override
        public int width() {
            return weights.shape().get(transposed ? 0 : 1);
        }
    }

    /** A function that is not affine, with the operation that computes it. */
    sealed interface Function extends Expression permits Activated, Erf, Log, Logit, Exceeds, Sum {
        Operation by();
    }

    /** An activation function of the engine. */
    record Activated(Expression of, Activation activation, Operation by) implements Function {
        @Override
        public int width() {
            return of.width();
        }
    }

    /** {@code y = erf x}, a part of GELU. */
    record Erf(Expression of, Operation by) implements Function {
        @Override
        public int width() {
            return of.width();
        }
    }

    /** {@code y = ln x}, a part of softplus and of a temperature. */
    record Log(Expression of, Operation by) implements Function {
        @Override
        public int width() {
            return of.width();
        }
    }

    /** {@code y = ln (x / (n − x))} of the sum x of n probabilities, a part of a temperature. */
    record Logit(Expression of, Operation by) implements Function {
        @Override
        public int width() {
            return of.width();
        }
    }

    /** {@code x > threshold}, by which PyTorch selects a part of softplus. */
    record Exceeds(Expression of, double threshold, Operation by) implements Function {
        @Override
        public int width() {
            return of.width();
        }
    }

    /** The sum of several expressions of the same width, a part of the average of an ensemble. */
    record Sum(List<Expression> terms, Operation by) implements Function {
        @Override
        public int width() {
            return terms.get(0).width();
        }
    }

    /** {@code [1 − p, p]} of a single probability p. */
    record TwoClasses(Expression probability) implements Expression {
        @Override
        public int width() {
            return 2;
        }
    }
}
