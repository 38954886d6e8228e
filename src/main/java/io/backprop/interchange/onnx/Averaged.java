package io.backprop.interchange.onnx;

import io.backprop.engine.Activation;
import io.backprop.interchange.onnx.Expression.Activated;
import io.backprop.interchange.onnx.Expression.Log;
import io.backprop.interchange.onnx.Expression.Logit;
import io.backprop.interchange.onnx.Expression.Sum;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Predictions as the mean of those of several networks, or those of a single one.
 *
 * @param members the predictions of each network
 * @param scaling of the mean, increasing; null for none
 * @param temperature by which the logits are divided
 */
record Averaged(List<Expression> members, @Nullable Affine scaling, double temperature) {

    private static final double ROUNDING = 1e-12; // of n/n

    Averaged {
        members = List.copyOf(members);
    }

    static Averaged of(Expression predictions) {
        if (predictions instanceof Activated output
                && isProbability(output.activation())
                && output.of() instanceof Affine logits
                && logits.scale(0) > 0
                && logits.isUniform(logits.scale(0), 0)) {
            return calibrated(output, logits.argument(), 1 / logits.scale(0));
        }
        boolean scaled = predictions instanceof Affine affine && affine.isIncreasing();
        if (!scaled && !(predictions instanceof Sum)) {
            return new Averaged(List.of(predictions), null, 1);
        }
        Affine scaling = Affine.of(predictions);
        List<Expression> members = ActivationPatterns.terms(scaling.argument());
        Affine ofMean = scaling.after(members.size());
        return new Averaged(members, ofMean.isUniform(1, 0, ROUNDING) ? null : ofMean, 1);
    }

    private static boolean isSoftmax(Expression expression) {
        return expression instanceof Activated activated && activated.activation() == Activation.SOFTMAX;
    }

    private static boolean isProbability(Activation activation) {
        return activation == Activation.SOFTMAX || activation == Activation.SIGMOID;
    }

    /** {@code f(z / T)}, where z may be the logits of the mean probabilities of several networks. */
    private static Averaged calibrated(Activated output, Expression logits, double temperature) {
        if (output.activation() == Activation.SOFTMAX && logits instanceof Log log) {
            Affine sum = Affine.of(ActivationPatterns.withoutLowerBound(log.of()));
            List<Expression> members = ActivationPatterns.terms(sum.argument());
            if (sum.scale(0) > 0
                    && sum.isUniform(sum.scale(0), 0)
                    && members.stream().allMatch(Averaged::isSoftmax)) {
                return new Averaged(members, null, temperature);
            }
        }
        if (output.activation() == Activation.SIGMOID && logits instanceof Logit logit) {
            return new Averaged(ActivationPatterns.terms(logit.of()), null, temperature);
        }
        return new Averaged(List.of(new Activated(logits, output.activation(), output.by())), null, temperature);
    }
}
