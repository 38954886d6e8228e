package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Split;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Task;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.RowDivision;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in effect in a training: the options of its request, with the settings of the model and the server in place of
 * those that are absent.
 *
 * @param task null for the article's network
 * @param table name of a table that drivers read; null if the data were sent
 * @param target name of the column to predict; null without a table
 * @param columns types of columns that were not inferred from the cells
 * @param cells how the cells of the table were read; null without a table
 * @param ensemble the networks that are trained, or in a cross-validation those of each fold
 * @param validationSplit share of the rows that is held back for validation; 0 without one
 * @param validationExamples number of validation examples, however they were chosen
 * @param division the column that divides the rows; null for none
 * @param reset whether fresh parameters were asked for
 * @param folds number of folds of a cross-validation, which publishes nothing; 0 for a training
 * @param search null unless the training is a search
 */
public record TrainingSettings(
        @Nullable Task task,
        @Nullable String table,
        @Nullable String target,
        Map<String, ColumnType> columns,
        @Nullable CellRules cells,
        TrainingPlan plan,
        EnsembleSpec ensemble,
        float validationSplit,
        int validationExamples,
        @Nullable RowDivision division,
        ClassWeights classWeights,
        Duration timeLimit,
        boolean reset,
        int folds,
        @Nullable SearchPlan search) {

    /** What the training is for. */
    public Training.Kind kind() {
        if (search != null) {
            return Training.Kind.SEARCH;
        }
        return folds == 0 ? Training.Kind.TRAINING : Training.Kind.CROSS_VALIDATION;
    }

    /** These settings with another plan, for a training of the model itself. */
    public TrainingSettings withPlan(TrainingPlan changed) {
        return with(changed, null);
    }

    /** These settings with a search. */
    TrainingSettings withSearch(SearchPlan plannedSearch) {
        return with(plan, plannedSearch);
    }

    /** These settings with what the fit of a table has decided. */
    TrainingSettings prepared(@Nullable Task decided, TrainingPlan changed, int validationRows) {
        return new TrainingSettings(
                decided,
                table,
                target,
                columns,
                cells,
                changed,
                ensemble,
                validationSplit,
                validationRows,
                division,
                classWeights,
                timeLimit,
                reset,
                folds,
                search);
    }

    private TrainingSettings with(TrainingPlan changed, @Nullable SearchPlan changedSearch) {
        return new TrainingSettings(
                task,
                table,
                target,
                columns,
                cells,
                changed,
                ensemble,
                validationSplit,
                validationExamples,
                division,
                classWeights,
                timeLimit,
                reset,
                folds,
                changedSearch);
    }

    static TrainingSettings of(
            TrainingCommand command,
            ExampleSource source,
            ExampleSource.Fitted fitted,
            TrainingPlan plan,
            Duration timeLimit) {
        Examples validation = fitted.data().validation();
        Split heldOut = fitted.data().heldOut();
        boolean hasSplit = validation != null || heldOut != null || command.folds() > 0;
        int held = heldOut == null ? 0 : heldOut.validation().length;
        return new TrainingSettings(
                fitted.architecture().outputLayer().task(),
                null,
                source instanceof TableSource table ? table.target() : null,
                source instanceof TableSource table ? table.columnTypes() : Map.of(),
                source instanceof TableSource table ? table.cells() : null,
                plan,
                fitted.use().ensemble(),
                hasSplit && fitted.use().validation() instanceof TrainingCommand.Share share ? share.value() : 0,
                validation == null ? held : validation.size(),
                command.division(),
                command.classWeights(),
                timeLimit,
                command.reset(),
                command.folds(),
                null);
    }
}
