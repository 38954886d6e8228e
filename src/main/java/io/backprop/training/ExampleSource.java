package io.backprop.training;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Folds;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import io.backprop.engine.Split;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingData;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.TabularPreset;
import io.backprop.tabular.Targets;
import io.backprop.tabular.ValidationShare;
import io.backprop.training.TrainingCommand.Share;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The data of a training as it was sent. */
public abstract sealed class ExampleSource permits MatrixSource, TableSource {

    /**
     * Turns the data into examples for the network. A table is consumed, so this can be called only once.
     *
     * @param limits called with the size of the result before memory of this size is allocated; throws if it is too large
     */
    abstract Fitted fit(Model model, TrainingCommand command, Consumer<Size> limits);

    /** The name of the field that the examples come from. */
    abstract String field();

    /** The class of each row of encoded targets; all 0 unless a row has exactly one class. */
    static int[] classes(Architecture architecture, Matrix targets) {
        return architecture.hasExclusiveClasses() ? ClassificationMetrics.classesOf(targets) : new int[targets.rows()];
    }

    /** Sets a share of each fold's training rows apart, to be monitored. */
    static Folds monitored(Folds folds, RowUse use, int[] classes, int @Nullable [] groups, long seed) {
        if (use.holdsOut() || !(use.validation() instanceof Share share)) {
            return folds;
        }
        try {
            return folds.monitoring(share.value(), classes, groups, seed);
        } catch (InvalidArgumentException e) {
            if (!share.required()) {
                return folds;
            }
            throw new InvalidInputException(
                    "validationSplit",
                    "validationSplit %s leaves no row of the other folds to monitor, of %s; send more rows, a larger validationSplit or monitor loss"
                            .formatted(share.value(), groups == null ? classes.length + " rows" : "the groups"));
        }
    }

    /** The seed of the rows that are held back for validation. */
    static long splitSeed(Model model, TrainingCommand command) {
        SearchCommand search = command.search();
        Long chosen = search == null ? null : search.seed();
        return chosen == null ? model.spec().plan().seed() : chosen;
    }

    /** Whether rows for validation are chosen by their content alone, as drivers choose them that read tables in parts. */
    static boolean isSplitByContent(Model model, TrainingCommand command, RowUse use) {
        return command.shards(model) > 1 && use.folds() == 0 && !use.holdsOut();
    }

    /**
     * The share of the rows that is chosen by their content.
     *
     * @param share given by the command, or else by a preset
     */
    static ValidationShare byContent(TrainingCommand command, Share share) {
        return command.validation() instanceof Share ? new ValidationShare(share.value()) : TabularPreset.validation();
    }

    /** A division of rows by their content; null if a part is empty and may be so. */
    static @Nullable Split requireRows(Split split, Share share) {
        boolean validated = split.validation().length > 0;
        if (validated && split.training().length > 0) {
            return split;
        }
        if (!share.required()) {
            return null;
        }
        throw new InvalidInputException(
                "validationSplit",
                "validationSplit %s of %d rows leaves no row for %s; with shards, rows are chosen by their content, and equal rows stay together"
                        .formatted(share.value(), split.rows(), validated ? "training" : "validation"));
    }

    /** The seed of the folds, which is that of the plan of a cross-validation. */
    static long foldSeed(Model model) {
        return SplitMix64.derive(model.spec().plan().seed(), 0);
    }

    /**
     * Examples, and the architecture with everything that was learned from them: widths, scales and categories.
     *
     * @param warnings what was done to the data that the client may not expect
     */
    record Fitted(Architecture architecture, RowUse use, TrainingData data, List<String> warnings) {}

    /**
     * A warning for numbers that are learned by a regression although they probably are class codes; empty if there is no
     * such doubt.
     *
     * @param subject what the targets are called
     * @param remedy the option that makes them classes
     */
    static Optional<String> warningOfCodes(Targets targets, String subject, String remedy) {
        OptionalInt classes =
                targets instanceof Targets.Numbers numbers ? numbers.likelyClasses() : OptionalInt.empty();
        return classes.stream()
                .mapToObj(count -> warningOfCodes(count, subject, remedy))
                .findFirst();
    }

    /** As {@link #warningOfCodes(Targets, String, String)}, for so many different integers. */
    static String warningOfCodes(int count, String subject, String remedy) {
        return "%s %d different integers, which are learned as numbers by a regression; if they are classes, set %s"
                .formatted(subject, count, remedy);
    }

    /**
     * The size of a training.
     *
     * @param inputsField the field that the inputs come from
     * @param targetsField the field that defines the targets
     * @param architecture with all widths
     * @param use of the rows
     * @param rows number of rows that have a target
     * @param categories number of one-hot encoded inputs and of indicators of missing numbers, which may exceed the number of columns by far
     * @param newCells number of floats to allocate in addition to the data that was sent
     */
    record Size(
            String inputsField,
            String targetsField,
            Architecture architecture,
            RowUse use,
            int rows,
            int categories,
            long newCells) {}
}
