package io.backprop.training.web;

import static io.backprop.model.InvalidInputException.require;
import static io.backprop.model.InvalidInputException.requireAbsent;
import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.TrainingPlan;
import io.backprop.engine.Vector;
import io.backprop.tabular.ColumnType;
import io.backprop.training.ClassWeights;
import io.backprop.training.TrainingCommand;
import io.backprop.training.TrainingSource;
import io.backprop.web.table.RequestTable;
import io.backprop.web.table.RowsRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all that trains has in common: rows, and how to learn from them; what is absent is the model's. */
interface TrainingForm extends RowsRequest<RequestTable> {

    /** In seconds. */
    String SHORTEST_TIME_LIMIT = "0.001";

    @Nullable
    String target();

    @Nullable
    Map<String, ColumnType> columns();

    @Nullable
    Integer epochs();

    @Nullable
    Integer batchSize();

    @Nullable
    Boolean shuffle();

    @Nullable
    Float learningRate();

    @Nullable
    EarlyStoppingForm earlyStopping();

    @Nullable
    Vector sampleWeights();

    @Nullable
    ClassWeightsForm classWeights();

    @Nullable
    Double timeLimitSeconds();

    /**
     * A command with what is not in common.
     *
     * @param folds of a cross-validation; 0 for a training
     */
    default TrainingCommand toCommand(TrainingCommand.@Nullable Validation validation, boolean reset, int folds) {
        EarlyStoppingForm stopping = earlyStopping();
        ClassWeightsForm weights = classWeights();
        return new TrainingCommand(
                source(),
                requireNonNullElse(epochs(), TrainingPlan.DEFAULT_EPOCHS),
                batchSize(),
                shuffle(),
                learningRate(),
                validation,
                stopping == null ? null : stopping.toEarlyStopping(),
                weights == null ? ClassWeights.NONE : weights.toClassWeights(),
                timeLimitSeconds(),
                reset,
                folds);
    }

    private TrainingSource source() {
        RequestTable table = table().orElse(null);
        if (table == null) {
            requireAbsent("target", target(), "target goes with rows of a table; inputs take targets");
            requireAbsent("columns", columns(), "columns go with rows of a table");
            return new TrainingSource.Matrices(requireInputs(), requireTargets(), sampleWeights());
        }
        requireAbsent("sampleWeights", sampleWeights(), "sampleWeights go with inputs, not with rows of a table");
        return new TrainingSource.Rows(
                table::read,
                require("target", target(), "target is required with rows of a table: the column to predict"),
                requireNonNullElse(columns(), Map.of()));
    }
}
