package io.backprop.interchange.onnx;

import io.backprop.engine.Activation;
import io.backprop.interchange.onnx.Expression.Activated;
import io.backprop.interchange.onnx.Expression.Erf;
import io.backprop.interchange.onnx.Expression.Exceeds;
import io.backprop.interchange.onnx.Expression.Log;
import io.backprop.interchange.onnx.Expression.Logit;
import io.backprop.interchange.onnx.Expression.Sum;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes activations that converters compose of several operators:
 *
 * <ul>
 *   <li>sigmoid {@code 1/(1 + e⁻ˣ)}
 *   <li>GELU {@code x·(1 + erf(x/√2))/2}, with its factors in any order
 *   <li>SiLU {@code x·sigmoid x}
 *   <li>Mish {@code x·tanh(softplus x)}
 *   <li>softplus {@code ln(1 + eˣ)}, also with {@code x} itself where that is large
 * </ul>
 */
final class ActivationPatterns {

    private static final double TOLERANCE = 1e-6; // of factors that are floats
    private static final double SQRT_2 = Math.sqrt(2);

    /** For larger x, softplus is x in float precision. */
    private static final double LARGE = 17;

    private ActivationPatterns() {}

    /** The logarithm, which may be that of softplus. */
    static Expression log(Expression x, Operation by) {
        return x instanceof Affine sum
                        && sum.argument() instanceof Activated exp
                        && exp.activation() == Activation.EXPONENTIAL
                        && sum.isUniform(1, 1)
                ? new Activated(exp.of(), Activation.SOFTPLUS, by)
                : new Log(x, by);
    }

    /** {@code 1 / (1 + e⁻ˣ)}; empty for another reciprocal. */
    static Optional<Expression> reciprocal(Expression denominator, Operation by) {
        return denominator instanceof Affine sum
                        && sum.argument() instanceof Activated exp
                        && exp.activation() == Activation.EXPONENTIAL
                        && sum.isUniform(1, 1)
                ? Optional.of(new Activated(Affine.of(exp.of()).times(-1).simplified(), Activation.SIGMOID, by))
                : Optional.empty();
    }

    /**
     * {@code ln Σσ(zᵢ) − ln Σσ(−zᵢ)}, the logit of the mean of the sigmoids of zᵢ; empty for another difference.
     *
     * @param a the logarithm of probabilities, or of their sum
     * @param b that of their complements
     */
    static Optional<Expression> logit(Expression a, Expression b, Operation by) {
        if (a instanceof Log probabilities && b instanceof Log complements) {
            Expression sum = withoutLowerBound(probabilities.of());
            List<Expression> terms = terms(sum);
            List<Expression> others = terms(withoutLowerBound(complements.of()));
            boolean complementary = terms.size() == others.size()
                    && IntStream.range(0, terms.size()).allMatch(i -> areComplements(terms.get(i), others.get(i)));
            return complementary ? Optional.of(new Logit(sum, by)) : Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether two expressions are the sigmoids of z and of −z. */
    private static boolean areComplements(Expression a, Expression b) {
        return a instanceof Activated first
                && first.activation() == Activation.SIGMOID
                && b instanceof Activated second
                && second.activation() == Activation.SIGMOID
                && Affine.of(second.of()).isEqual(Affine.of(first.of()).times(-1));
    }

    /** The x of {@code max(x, 0)}, which keeps a logarithm from being infinite. */
    static Expression withoutLowerBound(Expression expression) {
        return expression instanceof Activated limited && limited.activation() == Activation.RELU
                ? limited.of()
                : expression;
    }

    /** The terms of a sum; any other expression is its only term. */
    static List<Expression> terms(Expression expression) {
        return expression instanceof Sum sum ? sum.terms() : List.of(expression);
    }

    /** The values of x where they exceed a threshold, and others elsewhere; null if this is no activation. */
    static @Nullable Expression select(Expression condition, Expression x, Expression other) {
        return condition instanceof Exceeds exceeds
                        && exceeds.of() == x
                        && exceeds.threshold() >= LARGE
                        && other instanceof Activated softplus
                        && softplus.activation() == Activation.SOFTPLUS
                        && softplus.of() == x
                ? softplus
                : null;
    }

    /** The product of two expressions; empty if this is no activation. */
    static Optional<Expression> multiply(Expression a, Expression b, Operation by) {
        return gate(a, b, by).or(() -> gate(b, a, by));
    }

    private static Optional<Expression> gate(Expression x, Expression gate, Operation by) {
        if (gate instanceof Activated activated) {
            if (activated.activation() == Activation.SIGMOID) {
                return scaled(x, activated.of(), Activation.SILU, by);
            }
            if (activated.activation() == Activation.TANH
                    && activated.of() instanceof Activated softplus
                    && softplus.activation() == Activation.SOFTPLUS) {
                return scaled(x, softplus.of(), Activation.MISH, by);
            }
        }
        return gate instanceof Affine affine && affine.argument() instanceof Erf erf
                ? gelu(Affine.of(x), affine, Affine.of(erf.of()), by)
                : Optional.empty();
    }

    /** {@code x·g(u)} for an x that is u, or u times a number. */
    private static Optional<Expression> scaled(Expression x, Expression u, Activation activation, Operation by) {
        Activated activated = new Activated(u, activation, by);
        if (x == u) {
            return Optional.of(activated);
        }
        return x instanceof Affine affine && affine.argument() == u && affine.isUniform(affine.scale(0), 0)
                ? Optional.of(Affine.of(activated).times(affine.scale(0)).simplified())
                : Optional.empty();
    }

    /**
     * {@code x·(q + p·erf(e))}, where |p| is q, and e is u/√2 or −u/√2 for a multiple u of x: 2·q·x/u times GELU of u.
     *
     * @param gate {@code q + p·erf(e)}
     */
    private static Optional<Expression> gelu(Affine x, Affine gate, Affine e, Operation by) {
        double q = gate.shift(0);
        double p = gate.scale(0);
        double ratio = x.ratio(e, TOLERANCE) * SQRT_2 * Math.signum(p * q); // u/x
        if (!gate.isUniform(p, q)
                || !(Math.abs(Math.abs(p) - Math.abs(q)) <= TOLERANCE * Math.abs(q))
                || !(ratio > 0)) {
            return Optional.empty();
        }
        double factor = Math.abs(ratio - 1) <= TOLERANCE ? 1 : ratio;
        Affine u = x.times(factor);
        Expression argument = u.isUniform(1, 0, TOLERANCE) ? u.argument() : u;
        return Optional.of(Affine.of(new Activated(argument, Activation.GELU, by))
                .times(2 * q / factor)
                .simplified());
    }
}
