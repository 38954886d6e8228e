package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A loss, a gradient, a parameter or a prediction became infinite or NaN, so the last parameters are of no use. */
public class TrainingDivergedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int epoch;
    private final transient @Nullable TrainingResult best;

    TrainingDivergedException(int epoch, String what, @Nullable TrainingResult best) {
        super(("%s became infinite or NaN in epoch %d; try a smaller learningRate, a globalClipNorm, or inputs and"
                        + " targets of moderate size")
                .formatted(what, epoch));
        this.epoch = epoch;
        this.best = best;
    }

    /**
     * Returns the predictions of a trained network, for which it must be finite. Detects a divergence in the last step, whose
     * reported loss precedes its update.
     *
     * @param epoch the last one of the training
     * @throws TrainingDivergedException if one of them is not finite
     */
    public static Matrix requireFinite(Matrix predictions, int epoch) {
        if (!Kernels.best().allFinite(predictions.values(), 0, predictions.rows() * predictions.columns())) {
            throw new TrainingDivergedException(Math.max(1, epoch), "a prediction", null);
        }
        return predictions;
    }

    /** The epoch in which the training diverged, from 1. */
    public int epoch() {
        return epoch;
    }

    /** The result with the parameters of the best epoch, if early stopping has kept any. */
    public Optional<TrainingResult> best() {
        return Optional.ofNullable(best);
    }
}
