package io.backprop.prediction;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.Initializer;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.Warnings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Predictors that need no server. */
public final class Predictors {

    private Predictors() {}

    /** A linear regression of column {@code y} on column {@code x}. */
    public static Predictor regression() {
        Preprocessing columns = new Preprocessing.Columns(
                List.of(new Feature.Numeric("x", new ColumnScaling(0, 1), new NumberRange(1, 2, 4), false)),
                "y",
                TargetUnit.NUMBER,
                Scaling.NONE,
                CellFormat.DEFAULT);
        Architecture architecture = new Architecture(
                1,
                List.of(),
                1,
                new OutputSpec(Task.REGRESSION, Activation.LINEAR, new Loss.MeanSquaredError(), 0, false),
                null,
                columns);
        ModelSpec spec = new ModelSpec(
                ModelSpec.Form.LAYERS, architecture, Initializer.UNIFORM, null, TrainingPlan.adam(0.001f));
        NetworkSpec networkSpec = architecture.networkSpec().orElseThrow();
        Ensemble ensemble = spec.initialEnsemble(networkSpec);
        return new Predictor(new Model(
                "m",
                spec,
                Description.NONE,
                0,
                ensemble,
                1,
                1,
                false,
                null,
                null,
                List.of(),
                Instant.EPOCH,
                Instant.EPOCH));
    }

    /** Predicts for rows of numbers. */
    public static Prediction predict(Predictor predictor, Matrix inputs) {
        return predictor.prediction(predictor.predict(predictor.encode(inputs)), List.of());
    }

    /**
     * Predicts for the rows of a table.
     *
     * @param rows writes all rows to the given sink
     */
    public static Prediction predict(Predictor predictor, Consumer<RowSink> rows) {
        List<Matrix> parts = new ArrayList<>();
        RowEncoder encoder = new RowEncoder(
                predictor.tableScorer().expectedColumns(false),
                new CellRules(predictor.cellFormat(), InvalidCells.ERROR),
                new Warnings(),
                batch -> parts.add(predictor.predict(batch.inputs())));
        rows.accept(encoder);
        encoder.finish();
        return predictor.prediction(Matrix.concatenate(parts), List.of());
    }
}
