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
import io.backprop.tabular.Table;
import io.backprop.tabular.TableExamples;
import io.backprop.tabular.Targets;
import io.backprop.training.TrainingCommand.Share;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A table. Its features are found from the training rows alone, or are those that the model has learned before. */
public final class TableSource extends ExampleSource {

    private static final String ROWS = "rows";
    private static final String TARGET = "target";

    private final Table table;
    private final String target;
    private final Map<String, ColumnType> columnTypes;

    /**
     * @param target name of the column to predict
     * @param columnTypes types of columns, where they are not to be inferred from the cells
     */
    public TableSource(Table table, String target, Map<String, ColumnType> columnTypes) {
        this.table = table;
        this.target = target;
        this.columnTypes = Map.copyOf(columnTypes);
    }

    String target() {
        return target;
    }

    Map<String, ColumnType> columnTypes() {
        return columnTypes;
    }

    @Override
    Fitted fit(Model model, TrainingCommand command, Consumer<Size> limits) {
        Architecture known = command.known(model);
        Columns learned = command.startsFresh(model) ? null : requireLearned(known);
        TableExamples examples = examples(known, learned);
        Targets targets = examples.targets();
        Architecture withTargets = known.fitTargets(TARGET, targets);

        Split split = split(model, command, withTargets, targets);
        int[] training = split == null ? IntStream.range(0, targets.rows()).toArray() : split.training();
        int[] validation = split == null ? new int[0] : split.validation();
        List<Feature> features = learned == null ? examples.fit(training) : learned.features();
        Scaling scaling = learned == null ? scaling(withTargets, targets, training) : learned.targets();
        Architecture architecture =
                withTargets.withFeatures(new Columns(features, target, examples.targetsAreDates(), scaling));
        limits.accept(size(architecture, features, targets.rows(), validation.length));

        Matrix encoded = encoder(architecture).encodeTargets(targets);
        Vector weights = ExampleWeights.of(architecture, encoded, null, command.classWeights());
        if (command.folds() > 0) { // each fold is scaled on its own
            Matrix inputs = examples.encodeUnscaledAndRelease(features, training);
            TrainingData data = TrainingData.of(weighted(inputs, encoded, training, weights));
            return new Fitted(architecture, data, examples.warnings().toList());
        }
        Matrix scaled = architecture.preprocessing().targets().apply(encoded);
        Examples held = validation.length == 0
                ? null
                : Examples.of(examples.encode(features, validation), scaled.select(validation));
        TrainingData data = new TrainingData(
                weighted(examples.encodeAndRelease(features, training), scaled, training, weights), held);
        return new Fitted(architecture, data, examples.warnings().toList());
    }

    /** The columns that the model has learned from, which the table must have. */
    private Columns requireLearned(Architecture known) {
        if (!(known.preprocessing() instanceof Columns columns)) {
            throw new InvalidInputException(
                    ROWS,
                    "the model learned from rows of numbers, not from a table; send inputs and targets, or set reset to start fresh");
        }
        if (!columns.target().equals(target)) {
            throw new InvalidInputException(
                    TARGET,
                    "target must be \"%s\", which the model predicts, but was \"%s\"; set reset to start fresh"
                            .formatted(columns.target(), target));
        }
        columns.features().forEach(this::requireSameType);
        return columns;
    }

    private void requireSameType(Feature feature) {
        ColumnType type = columnTypes.getOrDefault(feature.name(), feature.type());
        if (type != feature.type()) {
            throw new InvalidInputException(
                    "columns",
                    "the type of column \"%s\" must be %s, as the model has learned it, but was %s; set reset to start fresh"
                            .formatted(feature.name(), nameOf(feature.type()), nameOf(type)));
        }
    }

    private static String nameOf(ColumnType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private TableExamples examples(Architecture known, @Nullable Columns learned) {
        TableExamples examples = TableExamples.of(table, target, columnTypes, targetType(known));
        if (learned != null) {
            examples.requireCompatible(learned);
        }
        if (known.classes() != null) {
            examples.requireClasses(known.classes().names());
        }
        return examples;
    }

    /** Null to infer it. */
    private static @Nullable ColumnType targetType(Architecture known) {
        Task task = known.outputLayer().task();
        if (task == null) {
            return null;
        }
        return task == Task.CLASSIFICATION ? ColumnType.CATEGORICAL : ColumnType.NUMERIC;
    }

    private static @Nullable Split split(
            Model model, TrainingCommand command, Architecture withTargets, Targets targets) {
        if (!(command.validation() instanceof Share share)) {
            return null;
        }
        int[] classes =
                targets instanceof Targets.Labels labels ? encoder(withTargets).classesOf(labels) : null;
        return share.split(targets.rows(), classes, model.spec().plan().seed());
    }

    private static Scaling scaling(Architecture withTargets, Targets targets, int[] training) {
        return targets instanceof Targets.Numbers numbers
                ? withTargets.targetScaling(numbers.values().select(training))
                : Scaling.NONE;
    }

    private static Size size(Architecture architecture, List<Feature> features, int rows, int validationRows) {
        NetworkSpec spec = architecture.networkSpec().orElseThrow();
        int categories = features.stream()
                .filter(Feature.Categorical.class::isInstance)
                .mapToInt(Feature::width)
                .sum();
        long newCells = (long) rows * (categories + spec.outputs()) + (long) validationRows * spec.inputs();
        return new Size(ROWS, TARGET, architecture, rows, categories, newCells);
    }

    private static ExampleEncoder encoder(Architecture architecture) {
        return new ExampleEncoder(architecture, ROWS, TARGET);
    }

    private static Examples weighted(Matrix inputs, Matrix targets, int[] rows, @Nullable Vector weights) {
        Examples examples = Examples.of(inputs, targets.select(rows));
        return weights == null ? examples : examples.withWeights(weights.select(rows));
    }
}
