package io.backprop.training;

import io.backprop.engine.EpochReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The losses of a training's epochs. Written by the training's thread, read by any. */
final class History {

    private double[] losses = new double[16];
    private double[] validationLosses = new double[16];
    private int epochs;
    private boolean validated;

    synchronized void add(EpochReport report) {
        if (epochs == losses.length) {
            losses = Arrays.copyOf(losses, 2 * epochs);
            validationLosses = Arrays.copyOf(validationLosses, 2 * epochs);
        }
        losses[epochs] = report.loss();
        validated = report.validationLoss() != null;
        validationLosses[epochs] = report.validationLoss() == null ? 0 : report.validationLoss();
        epochs++;
    }

    /** The losses so far, evenly thinned to at most so many points, the last one among them. */
    synchronized Losses thinned(int points) {
        int count = Math.min(epochs, points);
        List<Double> loss = new ArrayList<>(count);
        List<Double> validationLoss = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            int epoch = (int) ((long) i * epochs / count) - 1;
            loss.add(losses[epoch]);
            validationLoss.add(validationLosses[epoch]);
        }
        return new Losses(epochs, loss, validated ? validationLoss : null);
    }
}
