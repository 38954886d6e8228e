package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Split;
import io.backprop.engine.TrainingData;
import io.backprop.engine.Vector;
import io.backprop.model.Architecture;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TableExamples;
import io.backprop.tabular.TargetType;
import io.backprop.tabular.Targets;
import io.backprop.training.TrainingCommand.Share;
import io.backprop.training.TrainingSource.Rows;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of a table: what they are to the network is found from the rows trained on alone, or known from before. */
final class TableSource implements ExampleSource {

    private static final String ROWS = "rows";
    private static final String TARGET = "target";

    private final TrainingCommand command;
    private final TableExamples examples;
    private final Targets targets; // one for each row of the table that has one
    private final int[] training; // rows
    private final int[] validation; // none without validation
    private final List<Feature> features;
    private final Architecture architecture;

    TableSource(Model model, TrainingCommand command, Rows source) {
        this.command = command;
        Architecture known = command.known(model);
        Columns kept = command.startsFresh(model) ? null : kept(known, source);
        this.examples = TableExamples.of(source.table().get(), source.target(), source.columns(), kind(known));
        if (kept != null) {
            examples.requireCompatible(kept);
        }
        if (known.labels() != null) {
            examples.requireLabels(known.labels().labels());
        }
        this.targets = examples.targets();
        Architecture withTargets = known.fitTargets(TARGET, targets);
        Split split = split(model, withTargets);
        this.training = split == null ? IntStream.range(0, examples.rows()).toArray() : split.training();
        this.validation = split == null ? new int[0] : split.validation();
        this.features = kept == null ? examples.fit(training) : kept.features();
        Scaling scaling = kept == null ? scaling(withTargets) : kept.targets();
        this.architecture =
                withTargets.withFeatures(new Columns(features, source.target(), examples.targetsAreDates(), scaling));
    }

    private static Columns kept(Architecture known, Rows source) {
        if (!(known.preprocessing() instanceof Columns columns)) {
            throw new InvalidInputException(
                    ROWS,
                    "the model has learned from rows of numbers, and goes on with inputs; with reset it begins anew with a table");
        }
        if (!columns.target().equals(source.target())) {
            throw new InvalidInputException(
                    TARGET,
                    "target must be \"%s\", which the model predicts, but was \"%s\"; with reset it begins anew"
                            .formatted(columns.target(), source.target()));
        }
        columns.features().forEach(feature -> requireSameType(feature, source.columns()));
        return columns;
    }

    private static void requireSameType(Feature feature, Map<String, ColumnType> said) {
        ColumnType type = said.getOrDefault(feature.name(), feature.type());
        if (type != feature.type()) {
            throw new InvalidInputException(
                    "columns",
                    "the type of column \"%s\" must be %s, as the model has learned it, but was %s; with reset it begins anew"
                            .formatted(feature.name(), nameOf(feature.type()), nameOf(type)));
        }
    }

    private static String nameOf(ColumnType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static TargetType kind(Architecture known) {
        if (known.outputLayer().task() == null) {
            return TargetType.INFERRED;
        }
        return known.outputLayer().task() == Task.CLASSIFICATION ? TargetType.CLASSES : TargetType.NUMBERS;
    }

    private @Nullable Split split(Model model, Architecture withTargets) {
        if (!(command.validation() instanceof Share share)) {
            return null;
        }
        long seed = model.spec().plan().seed();
        int[] classes =
                targets instanceof Targets.Labels labels ? encoder(withTargets).classesOf(labels) : null;
        return share.split(targets.rows(), classes, seed);
    }

    private Scaling scaling(Architecture withTargets) {
        return targets instanceof Targets.Numbers numbers
                ? withTargets.targetScaling(numbers.values().select(training))
                : Scaling.NONE;
    }

    @Override
    public String inputsField() {
        return ROWS;
    }

    @Override
    public String targetsField() {
        return TARGET;
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
    public long numbersToMake() {
        NetworkSpec spec = architecture.networkSpec().orElseThrow();
        return (long) rows() * (categories() + spec.outputs()) + (long) validation.length * spec.inputs();
    }

    @Override
    public Fitted fit() {
        Matrix encoded = encoder(architecture).encodeTargets(targets);
        Vector weights = new ExampleWeights(architecture, null, command.classWeights()).of(encoded);
        TrainingData data = command.folds() > 0 ? unscaled(encoded, weights) : scaled(encoded, weights);
        return new Fitted(architecture, data, examples.warnings().toList());
    }

    private static ExampleEncoder encoder(Architecture architecture) {
        return new ExampleEncoder(architecture, ROWS, TARGET);
    }

    private TrainingData scaled(Matrix encoded, @Nullable Vector weights) {
        Matrix scaled = architecture.preprocessing().targets().apply(encoded);
        Examples held = validation.length == 0
                ? null
                : Examples.of(examples.encode(features, validation), scaled.select(validation));
        return new TrainingData(
                weighted(examples.encodeAndRelease(features, training), scaled, training, weights), held);
    }

    /** For a cross-validation, each fold of which finds scales of its own. */
    private TrainingData unscaled(Matrix encoded, @Nullable Vector weights) {
        return TrainingData.of(
                weighted(examples.encodeUnscaledAndRelease(features, training), encoded, training, weights));
    }

    private static Examples weighted(Matrix inputs, Matrix targets, int[] rows, @Nullable Vector weights) {
        Examples examples = Examples.of(inputs, targets.select(rows));
        return weights == null ? examples : examples.withWeights(weights.select(rows));
    }
}
