package io.backprop.training.web;

import static io.backprop.model.InvalidInputException.require;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.EarlyStopping.Monitor;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.Vector;
import io.backprop.model.InvalidInputException;
import io.backprop.tabular.ColumnType;
import io.backprop.training.ClassWeights;
import io.backprop.training.ExampleSource;
import io.backprop.training.MatrixSource;
import io.backprop.training.TableSource;
import io.backprop.training.TrainingCommand;
import io.backprop.web.table.RequestTable;
import io.backprop.web.table.RowsRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What requests to train and to cross-validate have in common. */
interface TrainingForm extends RowsRequest<RequestTable> {

    /** The shortest time limit, in seconds. */
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

    /** The options. */
    TrainingCommand toCommand();

    /**
     * A command with the options that only one kind of request has.
     *
     * @param folds number of folds of a cross-validation; 0 for a training
     */
    default TrainingCommand toCommand(TrainingCommand.@Nullable Validation validation, boolean reset, int folds) {
        EarlyStoppingForm stopping = earlyStopping();
        ClassWeightsForm weights = classWeights();
        requireFittingValidation(validation, folds);
        requireFittingRows();
        return new TrainingCommand(
                requireNonNullElse(epochs(), TrainingPlan.DEFAULT_EPOCHS),
                batchSize(),
                shuffle(),
                learningRate(),
                validation,
                stopping == null ? null : stopping.toEarlyStopping(),
                weights == null ? ClassWeights.NONE : new ClassWeights(weights.byLabel()),
                timeLimitSeconds(),
                reset,
                folds);
    }

    private void requireFittingValidation(TrainingCommand.@Nullable Validation validation, int folds) {
        EarlyStoppingForm stopping = earlyStopping();
        if (stopping != null
                && stopping.toEarlyStopping().monitor() == Monitor.VALIDATION_LOSS
                && validation == null
                && folds == 0) {
            throw new InvalidInputException(
                    "earlyStopping",
                    "earlyStopping monitors validation_loss, which needs "
                            + (rows() == null ? "validationSplit or validationInputs" : "validationSplit"));
        }
        if (validation instanceof TrainingCommand.Held && rows() != null) {
            throw new InvalidInputException(
                    "validationInputs", "validationInputs go with inputs; with rows of a table, take validationSplit");
        }
    }

    private void requireFittingRows() {
        if (table().isPresent()) {
            require("sampleWeights", sampleWeights() == null, "sampleWeights go with inputs, not with rows of a table");
            require("target", target() != null, "target is required with rows of a table: the column to predict");
        } else {
            require("target", target() == null, "target goes with rows of a table; inputs take targets");
            require("columns", columns() == null, "columns go with rows of a table");
            requireInputs();
            requireTargets();
        }
    }

    /** The data. A table is read from the body now, to its end. */
    default ExampleSource toSource() {
        RequestTable table = rows();
        return table == null
                ? new MatrixSource(requireInputs(), requireTargets(), sampleWeights())
                : new TableSource(table.read(null), requireNonNull(target()), requireNonNullElse(columns(), Map.of()));
    }
}
