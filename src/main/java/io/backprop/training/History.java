package io.backprop.training;

import io.backprop.engine.EpochReport;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** The losses of a training's epochs, all of them. Written by the training's thread, read by any. */
public final class History {

    private double[] losses;
    private double[] validationLosses;
    private int epochs;
    private boolean validated;

    private History(double[] losses, double[] validationLosses, int epochs, boolean validated) {
        this.losses = losses;
        this.validationLosses = validationLosses;
        this.epochs = epochs;
        this.validated = validated;
    }

    /** That of a training that begins. */
    public History() {
        this(new double[16], new double[16], 0, false);
    }

    /**
     * The given losses, one for each epoch.
     *
     * @param validationLosses null without validation
     */
    public static History of(double[] losses, double @Nullable [] validationLosses) {
        double[] validation = validationLosses == null ? new double[losses.length] : validationLosses.clone();
        return new History(losses.clone(), validation, losses.length, validationLosses != null);
    }

    synchronized void add(EpochReport report) {
        if (epochs == losses.length) {
            int capacity = Math.max(16, 2 * epochs);
            losses = Arrays.copyOf(losses, capacity);
            validationLosses = Arrays.copyOf(validationLosses, capacity);
        }
        losses[epochs] = report.loss();
        validated = report.validationLoss() != null;
        validationLosses[epochs] = report.validationLoss() == null ? 0 : report.validationLoss();
        epochs++;
    }

    public synchronized int epochs() {
        return epochs;
    }

    /** A copy of the losses, one for each epoch. */
    public synchronized double[] losses() {
        return Arrays.copyOf(losses, epochs);
    }

    /** A copy of the validation losses, one for each epoch; null without validation. */
    public synchronized double @Nullable [] validationLosses() {
        return validated ? Arrays.copyOf(validationLosses, epochs) : null;
    }

    /** A copy of the first so many epochs. */
    synchronized History first(int count) {
        return new History(Arrays.copyOf(losses, count), Arrays.copyOf(validationLosses, count), count, validated);
    }

    /** The losses so far, thinned as a training shows them. */
    public Losses thinned() {
        return thinned(Losses.POINTS);
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

    /** All losses so far, uncopied: what stands in the arrays is never changed. */
    synchronized Losses all() {
        return new Losses(epochs, new First(losses, epochs), validated ? new First(validationLosses, epochs) : null);
    }

    /** The first values of an array. */
    private static final class First extends AbstractList<Double> implements RandomAccess {

        private final double[] values;
        private final int size;

        First(double[] values, int size) {
            this.values = values;
            this.size = size;
        }

        @Override
        public Double get(int index) {
            return values[Objects.checkIndex(index, size)];
        }

        @Override
        public int size() {
            return size;
        }
    }
}
