package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Targets;
import io.backprop.tabular.Warnings;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.springframework.stereotype.Service;

/** Tells which features a model's predictions depend on, and how much. */
@Service
public class ImportanceService {

    private static final int COPIES = 2; // one as it was sent, one whose values change places

    private final RequestLimits limits;
    private final MemoryBudget memory;

    ImportanceService(RequestLimits limits, MemoryBudget memory) {
        this.limits = limits;
        this.memory = memory;
    }

    /** How much each number of a row matters to predictions that should meet the targets. */
    public Importance importance(Predictor predictor, Matrix inputs, Targets targets, PermutationOptions permutations) {
        requireSeveral("inputs", inputs.rows());
        requireWithinLimits("inputs", inputs.rows(), predictor, permutations);
        takeMemory(inputs);
        Matrix encoded = predictor.encode(inputs);
        Matrix wanted = new ExampleEncoder(predictor.architecture(), "inputs", "targets")
                .encode(encoded, targets)
                .targets();
        return measure(predictor, new FeaturePermuter(predictor, encoded, wanted, permutations), List.of());
    }

    /**
     * How much each column matters to predictions that should meet the targets in the rows.
     *
     * @param rows hands all of them on to what it is given
     */
    public Importance importance(Predictor predictor, Consumer<RowSink> rows, PermutationOptions permutations) {
        Columns columns = predictor.columns();
        Warnings warnings = new Warnings();
        ExampleCollector examples = new ExampleCollector();
        ExpectedColumns expected =
                new ExpectedColumns(columns.features(), columns.target(), columns.dates(), predictor.classes());
        RowEncoder encoder = new RowEncoder(expected, warnings, batch -> {
            takeMemory(batch.inputs());
            examples.add(batch.inputs(), predictor.encodeTargets(Objects.requireNonNull(batch.targets())));
            limits.requireCells("rows", examples.rows(), "inputs", columns.width());
            requireWithinLimits("rows", examples.rows(), predictor, permutations);
        });
        rows.accept(encoder);
        encoder.finish();
        requireSeveral("rows", examples.rows());
        FeaturePermuter permuter = new FeaturePermuter(predictor, examples.inputs(), examples.targets(), permutations);
        return measure(predictor, permuter, warnings.toList());
    }

    private static Importance measure(Predictor predictor, FeaturePermuter permuter, List<String> warnings) {
        double score = permuter.score();
        if (Double.isNaN(score)) {
            throw unmeasurable(predictor, permuter.targets());
        }
        List<Importance.Feature> features = FeatureRange.of(predictor).stream()
                .map(feature -> Importance.Feature.of(feature.name(), permuter.losses(score, feature)))
                .sorted(Comparator.comparingDouble(Importance.Feature::mean).reversed())
                .toList();
        return new Importance(
                predictor.model(),
                permuter.targets().rows(),
                permuter.metric(),
                score,
                permuter.repeats(),
                features,
                warnings);
    }

    /** Why there is no r2. */
    private static InvalidInputException unmeasurable(Predictor predictor, Matrix targets) {
        String table = predictor.architecture().preprocessing() instanceof Columns columns ? columns.target() : null;
        for (int column = 0; column < targets.columns(); column++) {
            if (isConstant(targets, column)) {
                String where = table == null ? "column " + column : "column \"%s\"".formatted(table);
                return new InvalidInputException(
                        table == null ? "targets" : "rows",
                        "r2 needs targets that differ between rows, but all in %s are %s"
                                .formatted(where, targets.get(0, column)));
            }
        }
        return new InvalidInputException(
                table == null ? "inputs" : "rows",
                "the predictions for these rows are too far from the targets to be measured by r2");
    }

    private static boolean isConstant(Matrix targets, int column) {
        return IntStream.range(1, targets.rows()).allMatch(row -> targets.get(row, column) == targets.get(0, column));
    }

    private void takeMemory(Matrix inputs) {
        memory.take((long) COPIES * inputs.rows() * inputs.columns() * Float.BYTES);
    }

    private static void requireSeveral(String field, int rows) {
        if (rows < 2) {
            throw new InvalidInputException(
                    field, "there must be at least 2 rows, whose values can change places, but there is 1");
        }
    }

    private void requireWithinLimits(String field, int rows, Predictor predictor, PermutationOptions permutations) {
        NetworkSpec spec = predictor.network().spec();
        long features = predictor.architecture().preprocessing() instanceof Columns columns
                ? columns.features().size()
                : spec.inputs();
        limits.requireCells(field, rows, "outputs", spec.outputs());
        limits.requireImportanceFlops(field, rows, spec.parameterCount(), 1 + features * permutations.repeats());
    }
}
