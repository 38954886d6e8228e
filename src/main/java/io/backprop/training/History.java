package io.backprop.training;

import io.backprop.engine.EpochReport;
import io.backprop.engine.Metric;
import io.backprop.engine.Metric.Score;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The losses and scores of a training's epochs, all of them. Written by the training's thread, read by any. */
public final class History {

    private final DoubleList losses;
    private @Nullable DoubleList validationLosses;
    private @Nullable DoubleList validationScores; // NaN where the metric is undefined
    private @Nullable Metric metric;

    private History(DoubleList losses, @Nullable DoubleList validationLosses) {
        this.losses = losses;
        this.validationLosses = validationLosses;
    }

    /** That of a training that begins. */
    public History() {
        this(new DoubleList(), null);
    }

    /**
     * The given losses, one for each epoch.
     *
     * @param validationLosses null without validation
     */
    public static History of(double[] losses, double @Nullable [] validationLosses) {
        return new History(new DoubleList(losses), validationLosses == null ? null : new DoubleList(validationLosses));
    }

    /**
     * These losses beside what was measured in validation.
     *
     * @param scores one for each epoch, NaN where the metric is undefined
     */
    public History withValidationScores(Metric measured, double[] scores) {
        return withScores(measured, new DoubleList(scores));
    }

    private History withScores(@Nullable Metric measured, @Nullable DoubleList scores) {
        History history = new History(losses, validationLosses);
        history.metric = measured;
        history.validationScores = scores;
        return history;
    }

    synchronized void add(EpochReport report) {
        if (report.validationLoss() != null) {
            validationLosses = orUnknown(validationLosses);
            validationLosses.add(report.validationLoss());
        }
        Score score = report.validationScore();
        if (score != null) {
            metric = score.metric();
            validationScores = orUnknown(validationScores);
            validationScores.add(score.value() == null ? Double.NaN : score.value());
        }
        losses.add(report.loss());
    }

    /** Of the epochs before the first one that is told of; a checkpoint may be older than scores are. */
    private DoubleList orUnknown(@Nullable DoubleList values) {
        return values == null ? DoubleList.unknown(losses.size()) : values;
    }

    public synchronized int epochs() {
        return losses.size();
    }

    /** A copy of the first so many epochs. */
    synchronized History first(int count) {
        History copy =
                new History(losses.first(count), validationLosses == null ? null : validationLosses.first(count));
        return copy.withScores(metric, validationScores == null ? null : validationScores.first(count));
    }

    /** Losses and scores so far, thinned as a training shows them. */
    public LearningCurves thinned() {
        return thinned(LearningCurves.POINTS);
    }

    /** Losses and scores so far, evenly thinned to at most so many points, the last one among them. */
    synchronized LearningCurves thinned(int points) {
        int count = Math.min(losses.size(), points);
        return map(values -> values.thinned(count));
    }

    /** All losses and scores so far, uncopied. */
    public synchronized LearningCurves all() {
        return map(DoubleList::all);
    }

    private LearningCurves map(Function<DoubleList, List<Double>> view) {
        return new LearningCurves(
                losses.size(),
                view.apply(losses),
                validationLosses == null ? null : view.apply(validationLosses),
                metric == null || validationScores == null
                        ? null
                        : new ValidationScores(metric, view.apply(validationScores)));
    }
}
