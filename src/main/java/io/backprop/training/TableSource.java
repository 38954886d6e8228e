package io.backprop.training;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Examples;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import io.backprop.engine.Split;
import io.backprop.engine.TrainingData;
import io.backprop.engine.Vector;
import io.backprop.model.Architecture;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TableExamples;
import io.backprop.tabular.TargetKind;
import io.backprop.tabular.Targets;
import io.backprop.training.TrainingOrder.Share;
import io.backprop.training.TrainingSource.Rows;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of a table: what they are to the network is found from the rows trained on alone, or known from before. */
final class TableSource implements ExampleSource {

    private final TrainingOrder order;
    private final TableExamples examples;
    private final Matrix targets; // one row for each row of the table that has a target
    private final int[] training; // rows
    private final int[] validation; // none without validation
    private final List<Feature> features;
    private final Architecture architecture;

    TableSource(Model model, TrainingOrder order, Rows source) {
        this.order = order;
        Architecture known = model.spec().architecture();
        Columns kept = order.beginsAnew(model) ? null : kept(known, source);
        this.examples = TableExamples.of(source.table(), source.target(), source.columns(), kind(known));
        Architecture base = kept == null ? known.withoutFeatures() : known;
        Targets found = examples.targets();
        Architecture withTargets = base.fitTargets("target", found);
        this.targets = new ExampleEncoder(withTargets, "rows", "target").encodeTargets(found);
        Split split = split(model, withTargets);
        this.training = split == null ? IntStream.range(0, examples.rows()).toArray() : split.training();
        this.validation = split == null ? new int[0] : split.validation();
        this.features = kept == null ? examples.fit(training) : kept.features();
        Scaling scaling = kept == null ? withTargets.targetScaling(targets.select(training)) : kept.targets();
        this.architecture = withTargets.withFeatures(new Columns(features, source.target(), scaling));
    }

    private static Columns kept(Architecture known, Rows source) {
        if (!(known.preprocessing() instanceof Columns columns)) {
            throw new InvalidInputException(
                    "rows",
                    "the model was given its parameters by inputs, and goes on with inputs; with reset it begins anew with rows");
        }
        if (!columns.target().equals(source.target())) {
            throw new InvalidInputException(
                    "target",
                    "target must be \"%s\", which the model predicts, but was \"%s\"; with reset it begins anew"
                            .formatted(columns.target(), source.target()));
        }
        return columns;
    }

    private static TargetKind kind(Architecture known) {
        if (known.outputLayer().task() == null) {
            return TargetKind.AS_FOUND;
        }
        return known.outputLayer().task() == Task.CLASSIFICATION ? TargetKind.CLASSES : TargetKind.NUMBERS;
    }

    private @Nullable Split split(Model model, Architecture withTargets) {
        if (!(order.validation() instanceof Share share)) {
            return null;
        }
        long seed = model.spec().plan().seed();
        try {
            return withTargets.outputLayer().task() == Task.CLASSIFICATION
                    ? Split.stratified(ClassificationMetrics.classesOf(targets), share.value(), seed)
                    : Split.random(targets.rows(), share.value(), seed);
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException("validationSplit", e);
        }
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public int rows() {
        return targets.rows();
    }

    @Override
    public int categories() {
        return features.stream()
                .filter(Feature.Categorical.class::isInstance)
                .mapToInt(Feature::width)
                .sum();
    }

    @Override
    public Fitted fit() {
        if (order.folds() > 0) {
            return unscaled();
        }
        Vector weights = new ExampleWeights(architecture, null, order.classWeights()).of(targets);
        Examples held =
                validation.length == 0 ? null : examples(examples.encode(features, validation), validation, weights);
        Examples trained = examples(examples.take(features, training), training, weights);
        return new Fitted(
                architecture,
                new TrainingData(trained, held),
                examples.warnings().toList());
    }

    /** For a cross-validation, each fold of which finds scales of its own. */
    private Fitted unscaled() {
        Vector weights = new ExampleWeights(architecture, null, order.classWeights()).of(targets);
        Examples all = Examples.of(examples.takeUnscaled(features, training), targets);
        return new Fitted(
                architecture,
                TrainingData.of(weights == null ? all : all.withWeights(weights)),
                examples.warnings().toList());
    }

    private Examples examples(Matrix inputs, int[] rows, @Nullable Vector weights) {
        Matrix scaled = architecture.preprocessing().targets().apply(targets.select(rows));
        Examples made = Examples.of(inputs, scaled);
        return weights == null ? made : made.withWeights(weights.select(rows));
    }
}
