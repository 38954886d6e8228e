package io.backprop.training;

import io.backprop.engine.Evaluator;
import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.Matrix;
import io.backprop.engine.Split;
import io.backprop.engine.StopReason;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingResult;
import io.backprop.engine.Vector;
import io.backprop.model.Metrics;
import io.backprop.tabular.FoldPreprocessor;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Preprocessing.Standardized;
import io.backprop.tabular.Scaling;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network for each fold, from fresh parameters, on the rows of all other folds, and measures it on its own. Early
 * stopping monitors rows of the other folds, so that the measured rows do not decide about the parameters.
 */
final class CrossValidator {

    private final PreparedTraining prepared;
    private final TrainingRun run;
    private final Threads threads;
    private int current; // fold, from 1

    CrossValidator(PreparedTraining prepared, TrainingRun run, Threads threads) {
        this.prepared = prepared;
        this.run = run;
        this.threads = threads;
    }

    /** The results; empty if the run is stopped before the last fold is completed. */
    Optional<CrossValidation> validate() {
        Examples all = prepared.data().training();
        List<CrossValidation.FoldResult> results = new ArrayList<>();
        Folds folds = Objects.requireNonNull(prepared.data().folds());
        for (int i = 0; i < folds.count(); i++) {
            current = i + 1;
            CrossValidation.FoldResult fold = fold(all, folds.split(i), folds.monitored(i));
            if (fold == null) {
                return Optional.empty();
            }
            results.add(fold);
        }
        return Optional.of(new CrossValidation(prepared.folds(), results));
    }

    /** Which fold is, or was last, trained and measured. */
    String describeFold() {
        return "fold %d of %d".formatted(current, prepared.folds());
    }

    private boolean scalesTargets() {
        return prepared.architecture().preprocessing() instanceof Columns
                ? prepared.model().spec().standardizesTables()
                : prepared.architecture().preprocessing() instanceof Standardized;
    }

    /** @param monitored rows that the training monitors */
    private CrossValidation.@Nullable FoldResult fold(Examples all, Split split, BitSet monitored) {
        Examples training = all.select(split.training());
        Scaling targets = scalesTargets() ? prepared.architecture().targetScaling(training.targets()) : Scaling.NONE;
        UnaryOperator<Matrix> inputs = inputs(training.inputs());
        TrainingData data = new TrainingData(
                weighted(scaled(training, inputs, targets)),
                monitored.isEmpty()
                        ? null
                        : scaled(all.select(monitored.stream().toArray()), inputs, targets));
        Trainer trainer = Trainer.start(prepared.start().network(), prepared.plan(), data)
                .using(threads)
                .withTargets(prepared.targetKind(), targets::invert)
                .withoutHistory(); // the run records it
        TrainingResult result = trainer.train(run);
        if (result.stopReason() == StopReason.CANCELLED || result.stopReason() == StopReason.TIME_LIMIT) {
            return null;
        }
        Examples held = all.select(split.validation());
        return measure(result, scaled(held, inputs, targets), held.targets(), targets);
    }

    /** Training examples with the weights of their classes, which do not affect the held examples. */
    private Examples weighted(Examples training) {
        int[] rows = IntStream.range(0, training.size()).toArray();
        Vector weights = ExampleWeights.of(
                prepared.architecture(),
                training.targets(),
                rows,
                training.weights(),
                prepared.settings().classWeights());
        return weights == null ? training : training.withWeights(weights);
    }

    private UnaryOperator<Matrix> inputs(Matrix training) {
        if (prepared.architecture().preprocessing() instanceof Columns columns) {
            return new FoldPreprocessor(columns, training)::apply;
        }
        return prepared.architecture().preprocessing() instanceof Standardized
                ? Scaling.standard(training)::apply
                : UnaryOperator.identity();
    }

    private static Examples scaled(Examples examples, UnaryOperator<Matrix> inputs, Scaling targets) {
        return examples.with(inputs.apply(examples.inputs()), targets.apply(examples.targets()));
    }

    private CrossValidation.FoldResult measure(TrainingResult result, Examples seen, Matrix targets, Scaling scaling) {
        Evaluator evaluator = result.network().evaluator();
        Matrix predictions = scaling.invert(evaluator.add(seen));
        Metrics metrics = Metrics.of(prepared.architecture(), predictions, targets);
        return new CrossValidation.FoldResult(
                targets.rows(), result.epochsCompleted(), evaluator.loss(), metrics.numbers());
    }
}
