package io.backprop.engine;

/** A loss, a parameter or a prediction became infinite or NaN, so the training has no usable result. */
public class TrainingDivergedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int epoch;

    TrainingDivergedException(int epoch, String what) {
        super(
                "%s became infinite or NaN in epoch %d; try a smaller learningRate, a globalClipNorm, or inputs and targets of moderate size"
                        .formatted(what, epoch));
        this.epoch = epoch;
    }

    /** The epoch in which the training diverged, from 1. */
    public int epoch() {
        return epoch;
    }
}
