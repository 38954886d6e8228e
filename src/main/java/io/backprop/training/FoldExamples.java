package io.backprop.training;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Split;
import io.backprop.engine.Threads;
import io.backprop.engine.Vector;
import io.backprop.model.ModelSpec;
import io.backprop.tabular.FoldPreprocessor;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Preprocessing.Standardized;
import io.backprop.tabular.ScalingMethod;
import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The examples of one fold: its training rows, scaled and weighted by what these rows alone have, and the held rows, scaled
 * likewise.
 */
final class FoldExamples {
    private final PreparedTraining prepared;
    private final Examples all; // unscaled
    private final Examples training; // unscaled
    private final Examples held; // unscaled
    private final BitSet monitored;
    private final boolean published;
    private final FoldScaling scaling;

    /** @param fitted whether the scales are fitted to the training rows, rather than those of the model */
    FoldExamples(PreparedTraining prepared, int fold, boolean fitted) {
        this(prepared, folds(prepared).split(fold), folds(prepared).monitored(fold), fitted, prepared.folds() == 0);
    }

    private static Folds folds(PreparedTraining prepared) {
        return Objects.requireNonNull(prepared.data().folds());
    }

    /** @param published whether the network is published, with the scales of the model */
    private FoldExamples(PreparedTraining prepared, Split split, BitSet monitored, boolean fitted, boolean published) {
        this.prepared = prepared;
        this.all = prepared.data().training();
        this.training = all.select(split.training());
        this.held = all.select(split.validation());
        this.monitored = monitored;
        this.published = published;
        Preprocessing shared = prepared.architecture().preprocessing();
        this.scaling = new FoldScaling(
                shared,
                fitted
                        ? fitInputs(shared)
                        : FoldPreprocessor.of(shared, all.inputs().columns()),
                fitted && fitsTargets(shared)
                        ? prepared.architecture().targetScaling(training.targets())
                        : shared.targets());
    }

    /** The clip of robust scaling cannot become a part of a published network, which keeps the scales of the model. */
    private FoldPreprocessor fitInputs(Preprocessing shared) {
        ModelSpec spec = prepared.model().spec();
        ScalingMethod scaling = shared instanceof Columns ? spec.tableScaling() : spec.scaling();
        return published && scaling == ScalingMethod.ROBUST
                ? FoldPreprocessor.of(shared, all.inputs().columns()).withoutConstants(training.inputs())
                : FoldPreprocessor.fitted(shared, scaling, training.inputs());
    }

    /** The examples that a search trains its trials on, and the rows that it holds out. */
    static FoldExamples heldOut(PreparedTraining prepared) {
        Split split = Objects.requireNonNull(prepared.data().heldOut());
        return new FoldExamples(prepared, split, new BitSet(), true, false);
    }

    /** Without a published network, the scales of targets need not become those of the model. */
    private boolean fitsTargets(Preprocessing shared) {
        boolean scales = shared instanceof Columns
                ? prepared.model().spec().standardizesTables()
                : shared instanceof Standardized;
        return scales && (!published || spec().outputLayer().activation() == Activation.LINEAR);
    }

    private NetworkSpec spec() {
        return prepared.architecture().networkSpec().orElseThrow();
    }

    /** The training rows, with the weights of their classes, which do not affect other rows. */
    Examples training() {
        int[] rows = IntStream.range(0, training.size()).toArray();
        Vector weights = ExampleWeights.of(
                prepared.architecture(),
                training.targets(),
                rows,
                training.weights(),
                prepared.settings().classWeights());
        Examples scaled = scaled(training);
        return weights == null ? scaled : scaled.withWeights(weights);
    }

    FoldScaling scaling() {
        return scaling;
    }

    /** The rows of the fold. */
    Examples held() {
        return scaled(held);
    }

    /** The targets of the fold's rows, in their unit. */
    Matrix heldTargets() {
        return held.targets();
    }

    /** The rows that are set apart for early stopping; null if there are none. */
    @Nullable
    Examples monitored() {
        return monitored.isEmpty() ? null : scaled(all.select(monitored.stream().toArray()));
    }

    private Examples scaled(Examples examples) {
        return scaling.apply(examples);
    }

    /** Predictions in the unit of the targets. */
    Matrix unscaled(Matrix predictions) {
        return scaling.targets().invert(predictions);
    }

    /** The outputs of a network for the rows of the fold, as {@link TrainedNetwork} keeps them. */
    Matrix outputs(Network trained, Threads threads) {
        Ensemble single = Ensemble.of(trained);
        Matrix encoded = scaling.inputs().apply(held.inputs());
        return spec().loss().isCrossentropy()
                ? single.logits(encoded, threads)
                : unscaled(single.predict(encoded, threads));
    }
}
