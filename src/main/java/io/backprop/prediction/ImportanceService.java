package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Targets;
import io.backprop.tabular.Warnings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.springframework.stereotype.Service;

/** Measures permutation importance: how much a model's predictions depend on each feature. */
@Service
public class ImportanceService {

    private static final int COPIES = 2; // the original and a permuted one

    private final RequestLimits limits;
    private final MemoryBudget memory;

    ImportanceService(RequestLimits limits, MemoryBudget memory) {
        this.limits = limits;
        this.memory = memory;
    }

    /** Measures the importance of each input. */
    public Importance importance(Predictor predictor, Matrix inputs, Targets targets, PermutationOptions options) {
        requireSeveral("inputs", inputs.rows());
        requireWithinLimits("inputs", inputs.rows(), predictor, options);
        memory.acquire(memoryFor(inputs));
        Matrix encoded = predictor.encode(inputs);
        Matrix expected = new ExampleEncoder(predictor.architecture(), "inputs", "targets")
                .encode(encoded, targets)
                .targets();
        return measure(predictor, new FeaturePermuter(predictor, encoded, expected, options), List.of());
    }

    /**
     * Measures the importance of each column.
     *
     * @param rows writes all rows, with their targets, to the given sink
     */
    public Importance importance(Predictor predictor, Consumer<RowSink> rows, PermutationOptions options) {
        Warnings warnings = new Warnings();
        MemoryBudget.Reservation reservation = memory.forRequest();
        List<Matrix> inputs = new ArrayList<>();
        List<Matrix> targets = new ArrayList<>();
        RowEncoder encoder = new RowEncoder(predictor.expectedColumns(true), warnings, batch -> {
            reservation.add(memoryFor(batch.inputs()));
            inputs.add(batch.inputs());
            targets.add(predictor.encodeTargets(Objects.requireNonNull(batch.targets())));
            int count = countRows(inputs);
            limits.requireCells("rows", count, "inputs", batch.inputs().columns());
            requireWithinLimits("rows", count, predictor, options);
        });
        rows.accept(encoder);
        encoder.finish();
        requireSeveral("rows", countRows(inputs));
        FeaturePermuter permuter =
                new FeaturePermuter(predictor, Matrix.concatenate(inputs), Matrix.concatenate(targets), options);
        return measure(predictor, permuter, warnings.toList());
    }

    private static int countRows(List<Matrix> parts) {
        return parts.stream().mapToInt(Matrix::rows).reduce(0, Math::addExact);
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

    /** The reason why r2 is undefined. */
    private static InvalidInputException unmeasurable(Predictor predictor, Matrix targets) {
        String target = predictor.architecture().preprocessing() instanceof Columns columns ? columns.target() : null;
        for (int column = 0; column < targets.columns(); column++) {
            if (isConstant(targets, column)) {
                String where = target == null ? "column " + column : "column \"%s\"".formatted(target);
                return new InvalidInputException(
                        target == null ? "targets" : "rows",
                        "r2 needs targets that differ between rows, but all in %s are %s"
                                .formatted(where, targets.get(0, column)));
            }
        }
        return new InvalidInputException(
                target == null ? "inputs" : "rows",
                "the predictions for these rows are too far from the targets to be measured by r2");
    }

    private static boolean isConstant(Matrix targets, int column) {
        return IntStream.range(1, targets.rows()).allMatch(row -> targets.get(row, column) == targets.get(0, column));
    }

    private static long memoryFor(Matrix inputs) {
        return (long) COPIES * inputs.rows() * inputs.columns() * Float.BYTES;
    }

    private static void requireSeveral(String field, int rows) {
        if (rows < 2) {
            throw new InvalidInputException(
                    field, "there must be at least 2 rows, since values are permuted between rows, but there is 1");
        }
    }

    private void requireWithinLimits(String field, int rows, Predictor predictor, PermutationOptions options) {
        NetworkSpec spec = predictor.network().spec();
        long features = predictor.architecture().preprocessing() instanceof Columns columns
                ? columns.features().size()
                : spec.inputs();
        limits.requireCells(field, rows, "outputs", spec.outputs());
        limits.requireImportanceFlops(field, rows, spec.parameterCount(), 1 + features * options.repeats());
    }
}
