package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Split;
import io.backprop.engine.TrainingData;
import io.backprop.engine.Vector;
import io.backprop.model.Architecture;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.Feature;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableExamples;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.Targets;
import io.backprop.tabular.ValidationShare;
import io.backprop.training.TrainingCommand.HeldRows;
import io.backprop.training.TrainingCommand.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
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
    private static final String GROUP_COLUMN = "groupColumn";
    private static final double TOLERANCE = 0.25; // of a share for validation, relative

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

    CellRules cells() {
        return table.rules();
    }

    Map<String, ColumnType> columnTypes() {
        return columnTypes;
    }

    @Override
    String field() {
        return ROWS;
    }

    @Override
    Fitted fit(Model model, TrainingCommand command, Consumer<Size> limits) {
        Architecture known = known(model, command, target);
        Columns learned = command.startsFresh(model) ? null : requireLearned(known, target, columnTypes);
        TableExamples examples = examples(known, learned);
        model.spec().articleWarning().ifPresent(examples.warnings()::add);
        Targets targets = examples.targets();
        Architecture withTargets = known.fitTargets(TARGET, targets);
        OutputSpec output = known.outputLayer();
        if (!examples.targetUnit().isDate() && (output.isOpen() || (output.article() && output.task() == null))) {
            warningOfCodes(targets, "column \"%s\" has".formatted(target), "task=classification")
                    .ifPresent(examples.warnings()::add);
        }

        int groups = groups(command, examples, targets.rows());
        RowUse use = RowUse.of(model, command, targets.rows(), groups);
        Split divided = split(model, command, use, withTargets, examples, targets, learned);
        Split split = use.holdsOut() ? null : divided;
        int[] training = split == null ? IntStream.range(0, targets.rows()).toArray() : split.training();
        int[] validation = split == null ? new int[0] : split.validation();
        boolean standardize = model.spec().standardizesTables();
        List<Feature> features =
                learned == null ? examples.fit(training, model.spec().tableScaling()) : learned.features();
        Scaling scaling = learned == null ? scaling(withTargets, targets, training, standardize) : learned.targets();
        Architecture architecture = withTargets.withFeatures(new Columns(
                features,
                target,
                learned != null && learned.unit() == TargetUnit.DATE_TIME ? learned.unit() : examples.targetUnit(),
                scaling,
                table.rules().format()));
        int heldRows = use.validation() instanceof HeldRows held ? held.count() : 0;
        limits.accept(size(architecture, use, features, targets.rows(), validation.length, heldRows));

        Matrix encoded = encoder(architecture).encodeTargets(targets);
        Vector weights = ExampleWeights.of(architecture, encoded, training, null, command.classWeights());
        if (use.folds() > 0 || use.holdsOut()) { // each fold is scaled and weighted on its own
            Folds folds =
                    use.folds() == 0 ? null : folds(model, command, use, classes(architecture, encoded), examples);
            Matrix inputs = examples.encodeUnscaledAndRelease(features, training);
            TrainingData all = new TrainingData(Examples.of(inputs, encoded), null, folds);
            TrainingData data = divided == null ? all : all.withHeldOut(divided);
            return new Fitted(architecture, use, data, examples.warnings().toList());
        }
        Matrix scaled = architecture.preprocessing().targets().apply(encoded);
        Examples held = validation.length == 0
                ? null
                : Examples.of(examples.encode(features, validation), scaled.select(validation));
        List<String> warnings = new ArrayList<>();
        if (use.validation() instanceof HeldRows rows) {
            held = HeldRowsEncoder.encode(architecture, rows, table.rules(), warnings);
        }
        TrainingData data = new TrainingData(
                weighted(examples.encodeAndRelease(features, training), scaled, training, weights), held);
        warnings.addAll(0, examples.warnings().toList());
        return new Fitted(architecture, use, data, warnings);
    }

    /** The part of the model's architecture that is fixed before the training with a table. */
    static Architecture known(Model model, TrainingCommand command, String target) {
        boolean sameTarget = model.spec().architecture().preprocessing() instanceof Columns columns
                && columns.target().equals(target);
        return sameTarget ? command.knownForCodes(model) : command.known(model);
    }

    /** The columns that the model has learned from, which the table must have. */
    static Columns requireLearned(Architecture known, String target, Map<String, ColumnType> columnTypes) {
        if (!(known.preprocessing() instanceof Columns columns)) {
            throw new InvalidInputException(
                    ROWS,
                    "the model learned from rows of numbers, not from a table; send inputs and targets, or set reset"
                            + " to start fresh");
        }
        if (!columns.target().equals(target)) {
            throw new InvalidInputException(
                    TARGET,
                    "target must be \"%s\", which the model predicts, but was \"%s\"; set reset to start fresh"
                            .formatted(columns.target(), target));
        }
        columns.features().forEach(feature -> requireSameType(feature, columnTypes));
        return columns;
    }

    private static void requireSameType(Feature feature, Map<String, ColumnType> columnTypes) {
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
        } else {
            examples.warnOfUnusedFormat();
        }
        if (known.classes() != null) {
            examples.requireClasses(known.classes().names());
        }
        return examples;
    }

    /** Null to infer it. */
    static @Nullable ColumnType targetType(Architecture known) {
        Task task = known.outputLayer().task();
        if (task == null) {
            return null;
        }
        return task == Task.CLASSIFICATION ? ColumnType.CATEGORICAL : ColumnType.NUMERIC;
    }

    /** The number of groups of rows; that of the rows without groups. */
    private static int groups(TrainingCommand command, TableExamples examples, int rows) {
        RowDivision division = command.division();
        return division != null && division.kind() == RowDivision.Kind.GROUP
                ? count(examples.groups(division.column()))
                : rows;
    }

    private @Nullable Split split(
            Model model,
            TrainingCommand command,
            RowUse use,
            Architecture withTargets,
            TableExamples examples,
            Targets targets,
            @Nullable Columns learned) {
        RowDivision division = command.division();
        if (division != null && division.kind() == RowDivision.Kind.PART) {
            return examples.split(division.column());
        }
        if ((use.folds() > 0 && !use.holdsOut()) || !(use.validation() instanceof Share share)) {
            return null;
        }
        if (isSplitByContent(model, command, use)) {
            ValidationShare chosen = byContent(command, share);
            return requireRows(examples.splitByContent(chosen, division, splitSeed(model, command), learned), share);
        }
        int[] classes = targets instanceof Targets.Labels labels
                ? encoder(withTargets).classesOf(labels)
                : new int[targets.rows()];
        long seed = splitSeed(model, command);
        return division == null
                ? share.split(classes, seed).orElse(null)
                : groupedSplit(share, classes, examples, division, seed);
    }

    private static @Nullable Split groupedSplit(
            Share share, int[] classes, TableExamples examples, RowDivision division, long seed) {
        int[] groups = examples.groups(division.column());
        if (count(groups) < 2 && !share.required()) {
            return null;
        }
        if (count(groups) < 2) {
            throw new InvalidInputException(
                    GROUP_COLUMN,
                    "%s must have at least 2 groups, but column \"%s\" has 1"
                            .formatted(GROUP_COLUMN, division.column()));
        }
        Split split;
        try {
            split = Split.grouped(classes, groups, share.value(), seed);
        } catch (InvalidArgumentException e) {
            if (!share.required()) {
                return null;
            }
            throw new InvalidInputException(
                    GROUP_COLUMN,
                    "the groups of column \"%s\" leave none for validation, because one row of each class is kept for training"
                            .formatted(division.column()));
        }
        int held = split.validation().length;
        double difference = Math.abs(held / (double) classes.length - share.value());
        if (difference > TOLERANCE * Math.min(share.value(), 1 - share.value())) {
            examples.warnings()
                    .add(
                            "%d of %d rows are for validation, not a share of %s, because the rows of a group stay together"
                                    .formatted(held, classes.length, share.value()));
        }
        return split;
    }

    private Folds folds(Model model, TrainingCommand command, RowUse use, int[] classes, TableExamples examples) {
        int folds = use.folds();
        long seed = foldSeed(model);
        RowDivision division = command.division();
        if (division == null || division.kind() == RowDivision.Kind.PART) {
            return monitored(Folds.stratified(classes, folds, seed), use, classes, null, seed);
        }
        int[] groups = examples.groups(division.column());
        int count = count(groups);
        if (folds > count) {
            throw new InvalidInputException(
                    "folds",
                    "folds must be at most as many as groups of column \"%s\", %d, but were %d"
                            .formatted(division.column(), count, folds));
        }
        return monitored(Folds.grouped(classes, groups, folds, seed), use, classes, groups, seed);
    }

    private static int count(int[] groups) {
        BitSet distinct = new BitSet();
        Arrays.stream(groups).forEach(distinct::set);
        return distinct.cardinality();
    }

    private static Scaling scaling(Architecture withTargets, Targets targets, int[] training, boolean standardize) {
        return standardize && targets instanceof Targets.Numbers numbers
                ? withTargets.targetScaling(numbers.values().select(training))
                : Scaling.NONE;
    }

    /** @param heldRows number of rows that were sent for validation only */
    private static Size size(
            Architecture architecture, RowUse use, List<Feature> features, int rows, int validationRows, int heldRows) {
        NetworkSpec spec = architecture.networkSpec().orElseThrow();
        int categories = features.stream()
                .mapToInt(feature -> feature instanceof Feature.Numeric ? feature.width() - 1 : feature.width())
                .sum();
        long newCells = (long) rows * (categories + spec.outputs())
                + (long) validationRows * spec.inputs()
                + (long) heldRows * (spec.inputs() + spec.outputs());
        return new Size(ROWS, TARGET, architecture, use, rows, categories, newCells);
    }

    private static ExampleEncoder encoder(Architecture architecture) {
        return new ExampleEncoder(architecture, ROWS, TARGET);
    }

    private static Examples weighted(Matrix inputs, Matrix targets, int[] rows, @Nullable Vector weights) {
        Examples examples = Examples.of(inputs, targets.select(rows));
        return weights == null ? examples : examples.withWeights(weights.select(rows));
    }
}
