package io.backprop.interchange.onnx;

import io.backprop.engine.Activation;
import io.backprop.interchange.onnx.Expression.Activated;
import io.backprop.interchange.onnx.Expression.Log;
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
        List<Expression> members = members(scaling.argument());
        Affine ofMean = scaling.after(members.size());
        return new Averaged(members, ofMean.isUniform(1, 0, ROUNDING) ? null : ofMean, 1);
    }

    private static boolean isProbability(Activation activation) {
        return activation == Activation.SOFTMAX || activation == Activation.SIGMOID;
    }

    /** {@code softmax(z / T)}, where z may be the logarithm of probabilities, or of their mean or sum. */
    private static Averaged calibrated(Activated output, Expression logits, double temperature) {
        if (output.activation() == Activation.SOFTMAX && logits instanceof Log log) {
            Expression mean = withoutLowerBound(log.of());
            Affine sum = Affine.of(mean);
            if (sum.scale(0) > 0 && sum.isUniform(sum.scale(0), 0)) {
                return new Averaged(members(sum.argument()), null, temperature);
            }
        }
        return new Averaged(List.of(new Activated(logits, output.activation(), output.by())), null, temperature);
    }

    /** The x of {@code max(x, 0)}, which keeps a logarithm from being infinite. */
    private static Expression withoutLowerBound(Expression expression) {
        return expression instanceof Activated limited && limited.activation() == Activation.RELU
                ? limited.of()
                : expression;
    }

    private static List<Expression> members(Expression expression) {
        return expression instanceof Sum sum ? sum.terms() : List.of(expression);
    }
}
