package io.backprop.training;

import io.backprop.engine.EarlyStopping;
import io.backprop.engine.EarlyStopping.Monitor;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import io.backprop.engine.Split;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.tabular.Targets;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants a model to be trained on, and how; what is absent is as the model says.
 *
 * @param validation absent: no validation
 * @param timeLimitSeconds absent: the server's
 * @param reset whether to begin from fresh parameters
 * @param folds of a cross-validation, which begins from fresh parameters and has no other validation; 0 for a training
 */
public record TrainingCommand(
        TrainingSource source,
        int epochs,
        @Nullable Integer batchSize,
        @Nullable Boolean shuffle,
        @Nullable Float learningRate,
        @Nullable Validation validation,
        @Nullable EarlyStopping earlyStopping,
        ClassWeights classWeights,
        @Nullable Double timeLimitSeconds,
        boolean reset,
        int folds) {

    public TrainingCommand {
        if (earlyStopping != null
                && earlyStopping.monitor() == Monitor.VALIDATION_LOSS
                && validation == null
                && folds == 0) {
            String held =
                    source instanceof TrainingSource.Rows ? "validationSplit" : "validationSplit or validationInputs";
            throw new InvalidInputException(
                    "earlyStopping", "earlyStopping monitors validation_loss, which needs " + held);
        }
        if (validation instanceof Held && source instanceof TrainingSource.Rows) {
            throw new InvalidInputException(
                    "validationInputs", "validationInputs go with inputs; with rows of a table, take validationSplit");
        }
    }

    /** Whether nothing of what the model has learned so far is to be kept. */
    boolean startsFresh(Model model) {
        return reset || folds > 0 || model.network() == null;
    }

    /** What is known of the model's architecture before the training. */
    Architecture known(Model model) {
        return startsFresh(model) ? model.spec().described() : model.spec().architecture();
    }

    /** What the training is checked against. */
    public sealed interface Validation {}

    /** A share of the examples. */
    public record Share(float value) implements Validation {

        /**
         * Deals rows out.
         *
         * @param classes of the rows of a classification, each of which is held in proportion; null if there are none
         */
        Split split(int rows, int @Nullable [] classes, long seed) {
            try {
                return classes == null ? Split.random(rows, value, seed) : Split.stratified(classes, value, seed);
            } catch (InvalidArgumentException e) {
                throw new InvalidInputException("validationSplit", e);
            }
        }
    }

    /** Examples of their own. */
    public record Held(Matrix inputs, Targets targets) implements Validation {}
}
