package io.backprop.training;

import io.backprop.engine.KeepBest;
import io.backprop.engine.LearningRateSchedule.ReduceOnPlateau;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.TabularPreset;
import io.backprop.model.TabularPreset.Setting;
import io.backprop.tabular.RowDivision;
import io.backprop.training.TrainingCommand.Held;
import io.backprop.training.TrainingCommand.HeldRows;
import io.backprop.training.TrainingCommand.NoValidation;
import io.backprop.training.TrainingCommand.Share;
import io.backprop.training.TrainingCommand.Validation;
import org.jspecify.annotations.Nullable;

/**
 * What a training does with its rows: how many networks learn from them, and which rows validate these. A preset decides this
 * by the number of rows, unless the request or the model does.
 *
 * @param ensemble the networks that are trained, or in a cross-validation the networks of each fold
 * @param validation null for a training without validation, with the rows that a column divides, or with a fold for each
 *     network
 * @param folds number of folds that the rows are divided into, by a cross-validation or an ensemble; 0 for none
 * @param holdsOut whether a search holds some of the rows out, by the share or the column, and learns from all of them at
 *     the end
 */
record RowUse(EnsembleSpec ensemble, @Nullable Validation validation, int folds, boolean holdsOut) {

    /** Share of the rows that a search holds out by default. */
    static final float DEFAULT_HELD_OUT = 0.2f;

    /** Share of a fold's training rows that a cross-validation monitors by default. */
    private static final float DEFAULT_MONITORED = 0.1f;

    /** Rows of which a preset takes none for validation if there are fewer. */
    private static final int FEWEST_DIVIDED_ROWS = 5;

    /** The use of a small table, as far as it is known without the table. */
    static RowUse expected(Model model, TrainingCommand command) {
        int rows = TabularPreset.MAX_ROWS_BY_FOLD;
        return of(model, command, rows, rows);
    }

    RowUse(EnsembleSpec ensemble, @Nullable Validation validation, int folds) {
        this(ensemble, validation, folds, false);
    }

    /**
     * The use of rows that have a target.
     *
     * @param groups number of groups of rows that stay together; {@code rows} without groups
     */
    static RowUse of(Model model, TrainingCommand command, int rows, int groups) {
        if (command.search() != null) {
            return ofSearch(model.spec(), command, rows, groups);
        }
        EnsembleSpec ensemble = ensemble(model, command, rows, groups);
        if (command.folds() > 0) {
            return new RowUse(ensemble, monitored(model.spec(), command), command.folds());
        }
        Validation validation = command.validation() == null && ensemble.folds() == 0 && !isDivided(command)
                ? validationByPreset(model.spec(), command, rows)
                : command.validation();
        return new RowUse(ensemble, validation instanceof NoValidation ? null : validation, ensemble.folds());
    }

    /** Rows that were sent for validation only are never learned from. */
    private static RowUse ofSearch(ModelSpec spec, TrainingCommand command, int rows, int groups) {
        boolean sent = command.validation() instanceof Held || command.validation() instanceof HeldRows;
        if (sent) {
            EnsembleSpec networks = spec.leaves(Setting.ENSEMBLE) ? EnsembleSpec.SINGLE : spec.ensemble();
            return new RowUse(networks, command.validation(), 0, false);
        }
        EnsembleSpec networks = spec.leaves(Setting.ENSEMBLE) ? spec.ensemble(rows, groups) : spec.ensemble();
        Validation heldOut = command.validation() == null && !isDivided(command)
                ? new Share(DEFAULT_HELD_OUT)
                : command.validation();
        return new RowUse(networks, heldOut, networks.folds(), true);
    }

    private static EnsembleSpec ensemble(Model model, TrainingCommand command, int rows, int groups) {
        ModelSpec spec = model.spec();
        if (!spec.leaves(Setting.ENSEMBLE) || !command.startsFresh(model)) {
            return spec.ensemble();
        }
        return command.folds() > 0 || command.validation() != null || isDivided(command)
                ? EnsembleSpec.SINGLE
                : spec.ensemble(rows, groups);
    }

    /** Whether a column of the table gives rows for validation. */
    private static boolean isDivided(TrainingCommand command) {
        RowDivision division = command.division();
        return division != null && division.kind() == RowDivision.Kind.PART;
    }

    private static @Nullable Validation validationByPreset(ModelSpec spec, TrainingCommand command, int rows) {
        boolean required = isRequired(spec, command) || (spec.calibrate() && !spec.leaves(Setting.CALIBRATE));
        return spec.preset() == null || (rows < FEWEST_DIVIDED_ROWS && !required)
                ? null
                : new Share(TabularPreset.validationSplit(rows), required);
    }

    private static @Nullable Validation monitored(ModelSpec spec, TrainingCommand command) {
        boolean required = isRequired(spec, command);
        return command.validation() == null && (required || keepsBestByDefault(spec, command))
                ? new Share(DEFAULT_MONITORED, required)
                : command.validation();
    }

    /** Whether a training may monitor rows that it does not learn from. */
    static boolean mayMonitor(ModelSpec spec, TrainingCommand command) {
        return isRequired(spec, command) || keepsBestByDefault(spec, command);
    }

    private static boolean isRequired(ModelSpec spec, TrainingCommand command) {
        return needsValidation(command.keepBest())
                || (spec.plan().schedule() instanceof ReduceOnPlateau plateau
                        && plateau.monitor().needsValidation());
    }

    /** The default of a model applies where there are rows for validation. */
    private static boolean keepsBestByDefault(ModelSpec spec, TrainingCommand command) {
        return command.keepBest() == null
                && (spec.leaves(Setting.KEEP_BEST)
                        || needsValidation(spec.plan().keepBest()));
    }

    private static boolean needsValidation(@Nullable KeepBest best) {
        return best != null && best.monitor().needsValidation();
    }
}
