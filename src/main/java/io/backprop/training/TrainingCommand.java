package io.backprop.training;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.KeepBest;
import io.backprop.engine.Matrix;
import io.backprop.engine.Split;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Targets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How to train a model; the data is given separately as an {@link ExampleSource}. Null means that the model's setting is
 * used.
 *
 * @param task null for the model's
 * @param epochs null for the model's
 * @param shards number of parts whose gradients are summed in a fixed order, a power of two; null for 1, or
 *     {@value ExternalPreparation#DEFAULT_SHARDS} for a table that drivers read
 * @param validation null for the rows that the division gives it, those that a preset takes, or none
 * @param keepBest null for the model's
 * @param division the column that divides the rows of a table; null for none
 * @param timeLimitSeconds null for the server's limit
 * @param reset whether to start from fresh parameters
 * @param folds number of folds of a cross-validation, which starts from fresh parameters, and whose validation is the share
 *     of each fold's training rows that the training monitors; 0 for a training
 * @param search null unless the training is a search
 */
public record TrainingCommand(
        @Nullable Task task,
        @Nullable Integer epochs,
        @Nullable Integer batchSize,
        @Nullable Integer shards,
        @Nullable Boolean shuffle,
        @Nullable Float learningRate,
        @Nullable Validation validation,
        @Nullable RowDivision division,
        @Nullable KeepBest keepBest,
        ClassWeights classWeights,
        @Nullable Double timeLimitSeconds,
        boolean reset,
        int folds,
        @Nullable SearchCommand search) {

    int epochs(Model model) {
        return epochs == null ? model.spec().plan().epochs() : epochs;
    }

    int shards(Model model) {
        return shards == null ? model.spec().plan().shards() : shards;
    }

    /** Whether the training keeps nothing of what the model has learned so far. */
    boolean startsFresh(Model model) {
        return reset || folds > 0 || search != null || model.ensemble() == null;
    }

    /** The part of the model's architecture that is fixed before the training. */
    Architecture known(Model model) {
        Architecture known =
                startsFresh(model) ? model.spec().described() : model.spec().architecture();
        if (task != null && !startsFresh(model) && known.outputLayer().task() == null) {
            throw new InvalidInputException(
                    "task", "task is for a model that has not been trained yet; set reset to start fresh");
        }
        return task == null ? known : known.withTask(task);
    }

    /**
     * As {@link #known}, for targets that may be the class codes that the model has learned before: it keeps its task even if
     * the training starts fresh.
     */
    Architecture knownForCodes(Model model) {
        Architecture known = known(model);
        Architecture current = model.spec().architecture();
        boolean keepsTask = known.outputLayer().task() == null
                && current.classes() != null
                && current.classes().areCodes();
        return keepsTask ? known.withOutputLayer(current.outputLayer()) : known;
    }

    /** The examples that a training is validated with. */
    public sealed interface Validation {

        /**
         * The one that is given; null without any.
         *
         * @param share share of the rows; 0 is none, also if a preset would take some
         * @param inputs given with the targets
         */
        static @Nullable Validation of(
                @Nullable Float share, @Nullable Matrix inputs, @Nullable Targets targets, @Nullable HeldRows rows) {
            if (share != null && share > 0) {
                return new Share(share);
            }
            if (inputs != null && targets != null) {
                return new Held(inputs, targets);
            }
            return share != null && rows == null ? new NoValidation() : rows;
        }
    }

    /** No examples. */
    public record NoValidation() implements Validation {}

    /**
     * A share of the rows, or of a fold's training rows.
     *
     * @param required whether there must be at least one row of it
     */
    public record Share(float value, boolean required) implements Validation {

        public Share(float value) {
            this(value, true);
        }

        /**
         * Divides rows into a training part and a validation part; empty if that must be empty, but isn't required.
         *
         * @param classes the class of each row, for a stratified split; all equal for a random split
         */
        Optional<Split> split(int[] classes, long seed) {
            try {
                return Optional.of(Split.stratified(classes, value, seed));
            } catch (InvalidArgumentException e) {
                if (!required) {
                    return Optional.empty();
                }
                throw new InvalidInputException(
                        "validationSplit",
                        String.valueOf(e.getMessage()).replace("validationShare", "validationSplit"));
            }
        }
    }

    /** Examples that were sent for validation only. */
    public record Held(Matrix inputs, Targets targets) implements Validation {}

    /**
     * Rows of a table that were sent for validation only.
     *
     * @param count number of rows
     * @param rows passes the rows to a sink
     */
    public record HeldRows(int count, Consumer<RowSink> rows) implements Validation {}
}
