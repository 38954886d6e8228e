package io.backprop.training.web;

import static io.backprop.model.InvalidInputException.require;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.KeepBest;
import io.backprop.engine.Metric;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.Vector;
import io.backprop.model.Task;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.RowDivision;
import io.backprop.training.ClassWeights;
import io.backprop.training.ExampleSource;
import io.backprop.training.MatrixSource;
import io.backprop.training.TableSource;
import io.backprop.training.TrainingCommand;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.RowsRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What requests to train and to cross-validate have in common. */
interface TrainingForm extends RowsRequest {

    /** The shortest time limit, in seconds. */
    String SHORTEST_TIME_LIMIT = "0.001";

    @Nullable
    String target();

    @Nullable
    Map<String, ColumnType> columns();

    /** Null by default, for requests that do not divide their rows by one. */
    default @Nullable String splitColumn() {
        return null;
    }

    @Nullable
    String groupColumn();

    @Nullable
    Task task();

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
    Metric keepBest();

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
        KeepBest best = best();
        ClassWeightsForm weights = classWeights();
        requireFittingValidation(validation);
        requireFittingRows();
        return new TrainingCommand(
                task(),
                requireNonNullElse(epochs(), TrainingPlan.DEFAULT_EPOCHS),
                batchSize(),
                shuffle(),
                learningRate(),
                validation,
                division(),
                best,
                weights == null ? ClassWeights.NONE : new ClassWeights(weights.byLabel()),
                timeLimitSeconds(),
                reset,
                folds);
    }

    /** Which epoch is kept; null for the last one. */
    default @Nullable KeepBest best() {
        EarlyStoppingForm stopping = earlyStopping();
        require(
                "keepBest",
                stopping == null || keepBest() == null,
                "keepBest is for trainings without earlyStopping, which keeps the best epoch by its own monitor");
        if (stopping != null) {
            return stopping.toKeepBest();
        }
        return keepBest() == null ? null : KeepBest.of(keepBest());
    }

    private void requireFittingValidation(TrainingCommand.@Nullable Validation validation) {
        require(
                "validationInputs",
                rows() == null || !(validation instanceof TrainingCommand.Held),
                "validationInputs go with inputs; with rows of a table, take validationSplit, validationRows or"
                        + " splitColumn");
        require(
                "validationRows",
                rows() != null || !(validation instanceof TrainingCommand.HeldRows),
                "validationRows go with rows of a table; with inputs, take validationInputs and validationTargets");
    }

    private void requireFittingRows() {
        if (table().isPresent()) {
            require("sampleWeights", sampleWeights() == null, "sampleWeights go with inputs, not with rows of a table");
            require("target", target() != null, "target is required with rows of a table: the column to predict");
            requireFittingDivision();
        } else {
            require("target", target() == null, "target goes with rows of a table; inputs take targets");
            require("columns", columns() == null, "columns go with rows of a table");
            require("splitColumn", splitColumn() == null, "splitColumn goes with rows of a table");
            require("groupColumn", groupColumn() == null, "groupColumn goes with rows of a table");
            requireInputs();
            requireTargets();
        }
    }

    private void requireFittingDivision() {
        RowDivision division = division();
        if (division != null) {
            String field = splitColumn() == null ? "groupColumn" : "splitColumn";
            String column = division.column();
            require(field, !column.equals(target()), field + " must be another column than target");
            ColumnType type =
                    requireNonNullElse(columns(), Map.<String, ColumnType>of()).getOrDefault(column, ColumnType.IGNORE);
            require(
                    "columns",
                    type == ColumnType.IGNORE,
                    "columns must not give a type to \"%s\", which is the %s and not a feature"
                            .formatted(column, field));
        }
    }

    private @Nullable RowDivision division() {
        if (splitColumn() != null) {
            return new RowDivision(RowDivision.Kind.PART, splitColumn());
        }
        return groupColumn() == null ? null : new RowDivision(RowDivision.Kind.GROUP, groupColumn());
    }

    /**
     * The data. A table is read from the body now, to its end.
     *
     * @param known the format of the cells that the model was trained with
     */
    default ExampleSource toSource(CellFormat known) {
        RowSource table = rows();
        if (table == null) {
            return new MatrixSource(requireInputs(), requireTargets(), sampleWeights());
        }
        Map<String, ColumnType> types = requireNonNullElse(columns(), Map.of());
        return new TableSource(table.toTable(cellRules(known), division()), requireNonNull(target()), types);
    }
}
