package io.backprop.prediction;

import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Targets;
import io.backprop.tabular.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.stereotype.Service;

/** Measures permutation importance: how much a model's predictions depend on each feature. */
@Service
public class ImportanceService {

    private final RequestLimits limits;
    private final MemoryBudget memory;
    private final ComputeBudget compute;
    private final PredictionMetrics metrics;

    ImportanceService(RequestLimits limits, MemoryBudget memory, ComputeBudget compute, PredictionMetrics metrics) {
        this.limits = limits;
        this.memory = memory;
        this.compute = compute;
        this.metrics = metrics;
    }

    /** Measures the importance of each input. */
    public Importance importance(Predictor predictor, Matrix inputs, Targets targets, PermutationOptions options) {
        requireSeveral("inputs", inputs.rows());
        double flops = requireWithinLimits("inputs", inputs.rows(), predictor, options);
        memory.acquire(memoryFor(predictor, inputs.rows()));
        Matrix encoded = predictor.encode(inputs);
        Matrix expected = new ExampleEncoder(predictor.architecture(), "inputs", "targets")
                .encode(encoded, targets)
                .targets();
        FeaturePermuter permuter = new FeaturePermuter(predictor, encoded, expected, "targets", options);
        return measure(permuter, inputs.rows(), flops, List.of());
    }

    /**
     * Measures the importance of each column.
     *
     * @param rows writes all rows, with their targets, to the given sink
     */
    public Importance importance(
            Predictor predictor, Consumer<RowSink> rows, CellRules rules, PermutationOptions options) {
        Warnings warnings = new Warnings();
        MemoryBudget.Reservation reservation = memory.current();
        List<Matrix> inputs = new ArrayList<>();
        List<Matrix> targets = new ArrayList<>();
        RowEncoder encoder = new RowEncoder(predictor.tableScorer().expectedColumns(true), rules, warnings, batch -> {
            reservation.add(memoryFor(predictor, batch.inputs().rows()));
            inputs.add(batch.inputs());
            targets.add(predictor.encodeTargets(Objects.requireNonNull(batch.targets())));
            int count = countRows(inputs);
            limits.requireCells("rows", count, "inputs", batch.inputs().columns());
            requireWithinLimits("rows", count, predictor, options);
        });
        rows.accept(encoder);
        encoder.finish();
        int count = countRows(inputs);
        requireSeveral("rows", count);
        return measure(
                new FeaturePermuter(
                        predictor, Matrix.concatenate(inputs), Matrix.concatenate(targets), "rows", options),
                count,
                requireWithinLimits("rows", count, predictor, options),
                warnings.toList());
    }

    private Importance measure(FeaturePermuter permuter, int rows, double flops, List<String> warnings) {
        compute.acquireForFlops(flops);
        try {
            Importance importance = permuter.measure(compute::yieldToOthers, warnings);
            metrics.measuredImportance(rows);
            return importance;
        } finally {
            compute.release();
        }
    }

    private static int countRows(List<Matrix> parts) {
        return parts.stream().mapToInt(Matrix::rows).reduce(0, Math::addExact);
    }

    /** Inputs in parts and as a whole, targets, an order of the rows, and predictions of these in parts and as a whole. */
    private static long memoryFor(Predictor predictor, int rows) {
        int inputs = predictor.ensemble().spec().inputs();
        return predictor.memoryToPredict(rows)
                + predictor.memoryToCompare(rows)
                + (long) rows * (inputs + 1) * Float.BYTES;
    }

    private static void requireSeveral(String field, int rows) {
        if (rows < 2) {
            throw new InvalidInputException(
                    field, "there must be at least 2 rows, since values are permuted between rows, but there is 1");
        }
    }

    private double requireWithinLimits(String field, int rows, Predictor predictor, PermutationOptions options) {
        NetworkSpec spec = predictor.ensemble().spec();
        long features = predictor.architecture().preprocessing() instanceof Columns columns
                ? columns.features().size()
                : spec.inputs();
        limits.requireCells(field, rows, "outputs", spec.outputs());
        return limits.requirePredictionFlops(
                field, rows, predictor.ensemble().parameterCount(), 1 + features * options.repeats());
    }
}
