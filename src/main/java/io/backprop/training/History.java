package io.backprop.training;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Metric;
import io.backprop.engine.Metric.Score;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records the losses and scores of all epochs of a training. Written by the training's thread, read by any. */
public final class History {

    private final Series losses;
    private @Nullable Series validationLosses;
    private @Nullable Series validationScores; // NaN where the metric is undefined
    private @Nullable Metric metric;

    private History(
            Series losses,
            @Nullable Series validationLosses,
            @Nullable Metric metric,
            @Nullable Series validationScores) {
        this.losses = losses;
        this.validationLosses = validationLosses;
        this.metric = metric;
        this.validationScores = validationScores;
    }

    /** The history of a training that has completed no epoch. */
    public History() {
        this(new Series(), null, null, null);
    }

    /**
     * A history with one value for each epoch.
     *
     * @param validationLosses null without validation
     * @param metric null if none was measured
     * @param validationScores NaN where the metric is undefined; null if none was measured
     */
    public static History of(
            double[] losses,
            double @Nullable [] validationLosses,
            @Nullable Metric metric,
            double @Nullable [] validationScores) {
        return new History(
                new Series(losses),
                validationLosses == null ? null : new Series(validationLosses),
                metric,
                validationScores == null ? null : new Series(validationScores));
    }

    synchronized void add(EpochReport report) {
        if (report.validationLoss() != null) {
            validationLosses = orUndefined(validationLosses);
            validationLosses.add(report.validationLoss());
        }
        Score score = report.validationScore();
        if (score != null) {
            metric = score.metric();
            validationScores = orUndefined(validationScores);
            validationScores.add(score.value() == null ? Double.NaN : score.value());
        }
        losses.add(report.loss());
    }

    /** The series, or one that is undefined for all earlier epochs. */
    private Series orUndefined(@Nullable Series values) {
        return values == null ? Series.undefined(losses.size) : values;
    }

    public synchronized int epochs() {
        return losses.size;
    }

    /** A copy of the first epochs. */
    synchronized History first(int count) {
        return new History(
                losses.first(count),
                validationLosses == null ? null : validationLosses.first(count),
                metric,
                validationScores == null ? null : validationScores.first(count));
    }

    /** The curves as they are shown with a training. */
    public LearningCurves thinned() {
        return thinned(LearningCurves.MAX_POINTS);
    }

    /** The curves, evenly thinned to at most this number of points; the last epoch is included. */
    synchronized LearningCurves thinned(int maxPoints) {
        int count = Math.min(losses.size, maxPoints);
        return map(series -> series.thinned(count));
    }

    /** The complete curves. The values are not copied. */
    public synchronized LearningCurves all() {
        return map(Series::view);
    }

    private LearningCurves map(Function<Series, List<Double>> view) {
        return new LearningCurves(
                losses.size,
                view.apply(losses),
                validationLosses == null ? null : view.apply(validationLosses),
                metric == null || validationScores == null
                        ? null
                        : new LearningCurves.Scores(metric, view.apply(validationScores)));
    }

    /** A growing list of doubles, whose elements never change once added. */
    private static final class Series {

        private static final int INITIAL_CAPACITY = 16;

        private double[] values;
        private int size;

        Series(double... values) {
            this.values = values.clone();
            this.size = values.length;
        }

        static Series undefined(int size) {
            double[] values = new double[size];
            Arrays.fill(values, Double.NaN);
            return new Series(values);
        }

        void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.max(INITIAL_CAPACITY, 2 * size));
            }
            values[size++] = value;
        }

        Series first(int count) {
            return new Series(Arrays.copyOf(values, count));
        }

        List<Double> thinned(int count) {
            List<Double> thinned = new ArrayList<>(count);
            for (int i = 1; i <= count; i++) {
                thinned.add(values[(int) ((long) i * size / count) - 1]);
            }
            return thinned;
        }

        /** The elements so far. */
        List<Double> view() {
            return new View(values, size);
        }
    }

    /** The first elements of an array, which stay as they are while others are added behind them. */
    private static final class View extends AbstractList<Double> implements RandomAccess {

        private final double[] values;
        private final int size;

        View(double[] values, int size) {
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
