package io.backprop.training.web;

import static io.backprop.model.InvalidInputException.require;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.KeepBest;
import io.backprop.engine.Metric;
import io.backprop.model.Task;
import io.backprop.tabular.CellFormat;
import io.backprop.training.ClassWeights;
import io.backprop.training.ExampleSource;
import io.backprop.training.ExternalTable;
import io.backprop.training.MatrixSource;
import io.backprop.training.TableSource;
import io.backprop.training.TrainingCommand;
import io.backprop.web.json.ClassWeightsForm;
import io.backprop.web.json.EarlyStoppingForm;
import io.backprop.web.table.ExamplesRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What requests to train and to cross-validate have in common. */
interface TrainingForm extends ExamplesRequest {

    /** The shortest time limit, in seconds. */
    String SHORTEST_TIME_LIMIT = "0.001";

    @Nullable
    Task task();

    @Nullable
    Integer epochs();

    @Nullable
    Integer batchSize();

    /** Null by default, for requests that cannot have several. */
    default @Nullable Integer shards() {
        return null;
    }

    @Nullable
    Boolean shuffle();

    @Nullable
    Float learningRate();

    @Nullable
    EarlyStoppingForm earlyStopping();

    @Nullable
    Metric keepBest();

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
        requireFittingExamples();
        Integer shards = shards();
        require(
                "shards",
                shards == null || Integer.bitCount(shards) == 1,
                "shards must be a power of two, but was " + shards);
        return new TrainingCommand(
                task(),
                epochs(),
                batchSize(),
                shards(),
                shuffle(),
                learningRate(),
                validation,
                division(),
                best,
                weights == null ? ClassWeights.NONE : new ClassWeights(weights.byLabel()),
                timeLimitSeconds(),
                reset,
                folds,
                null);
    }

    /** Which epoch is kept; null for the model's. */
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

    /**
     * The data. A table is read from the body now, to its end.
     *
     * @param known the format of the cells that the model was trained with
     */
    default ExampleSource toSource(CellFormat known) {
        return toExamples(known, MatrixSource::new, TableSource::new);
    }

    /**
     * The table that a driver reads.
     *
     * @param known the format of the cells that the model was trained with
     */
    default ExternalTable toTable(CellFormat known) {
        return new ExternalTable(
                requireNonNull(table()),
                requireNonNull(target()),
                requireNonNullElse(columns(), Map.of()),
                cellRules(known));
    }
}
