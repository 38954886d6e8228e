package io.backprop.training;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Examples;
import io.backprop.engine.TrainingData;
import io.backprop.model.Architecture;
import io.backprop.tabular.FittedTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds classes without rows for training or validation, about which the metrics say nothing. */
final class ClassCoverage {

    private static final int MAX_LISTED_CLASSES = 10;
    private static final double FREQUENT = 0.9; // share of the rows for training

    private final List<String> names;
    private final long[] training; // rows of each class
    private final long[] validation;

    /**
     * @param training number of rows for training of each class. Not modified.
     * @param validation number of rows for validation of each class. Not modified.
     */
    private ClassCoverage(List<String> names, long[] training, long[] validation) {
        this.names = names;
        this.training = training;
        this.validation = validation;
    }

    private static ClassCoverage of(Architecture architecture, TrainingData data) {
        List<String> names = namesOf(architecture, data);
        return new ClassCoverage(names, rowsOf(data.training(), names.size()), rowsOf(data.validation(), names.size()));
    }

    private static List<String> namesOf(Architecture architecture, TrainingData data) {
        return architecture.classEncoding(data.training().targets().columns()).names();
    }

    private static long[] rowsOf(@Nullable Examples examples, int classes) {
        long[] rows = new long[classes];
        if (examples != null) {
            for (int row = 0; row < examples.size(); row++) {
                rows[ClassificationMetrics.classOf(examples.targets(), row)]++;
            }
        }
        return rows;
    }

    /**
     * All warnings of the classes in a table that was fitted.
     *
     * @param found whether the classes were found in the targets rather than given
     */
    static List<String> warnings(FittedTarget.Classes classes, boolean validated, boolean found) {
        ClassCoverage coverage = new ClassCoverage(
                classes.names(),
                classes.classes().stream()
                        .mapToLong(FittedTarget.ClassCount::training)
                        .toArray(),
                classes.classes().stream()
                        .mapToLong(FittedTarget.ClassCount::validation)
                        .toArray());
        return Stream.concat(
                        (validated ? coverage.warningsOfSplit() : List.<String>of()).stream(),
                        (found ? coverage.warningsOfNames() : List.<String>of()).stream())
                .toList();
    }

    /** Warnings of classes without rows; none without validation or classes that exclude each other. */
    static List<String> warnings(Architecture architecture, TrainingData data) {
        boolean validated = data.validation() != null || data.folds() != null;
        return validated && architecture.hasExclusiveClasses()
                ? of(architecture, data).warnings(data)
                : List.of();
    }

    /**
     * Warnings of classes that were found in the targets rather than given: of those that differ only in capitals, and of a
     * positive class that is the frequent one, so that its metrics say little.
     */
    static List<String> warningsOfNewClasses(Architecture architecture, TrainingData data) {
        return architecture.hasExclusiveClasses() ? of(architecture, data).warningsOfNames() : List.of();
    }

    private List<String> warningsOfNames() {
        return Stream.of(warningOfCapitals(), warningOfPositiveClass())
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<String> warningOfCapitals() {
        Map<String, Long> spellings = names.stream()
                .collect(Collectors.groupingBy(name -> name.toLowerCase(Locale.ROOT), Collectors.counting()));
        int[] found = IntStream.range(0, names.size())
                .filter(name -> spellings.getOrDefault(names.get(name).toLowerCase(Locale.ROOT), 0L) > 1)
                .toArray();
        return found.length == 0
                ? Optional.empty()
                : Optional.of(describe(names, found) + " differ only in capitals and are learned as different ones");
    }

    private Optional<String> warningOfPositiveClass() {
        if (names.size() != 2 || training[1] < FREQUENT * (training[0] + training[1])) {
            return Optional.empty();
        }
        String negative = names.get(0);
        String positive = names.get(1);
        return Optional.of(
                "\"%s\", the class of most rows, is the positive one for auc, average_precision and threshold; for \"%s\", create the model with \"classes\": [\"%s\", \"%s\"]"
                        .formatted(positive, negative, positive, negative));
    }

    private List<String> warnings(TrainingData data) {
        return data.folds() == null
                ? warningsOfSplit()
                : warningsOfFolds(data.folds().count());
    }

    private List<String> warningsOfFolds(int folds) {
        List<String> warnings = new ArrayList<>();
        add(
                warnings,
                "some of the %d folds have no row of %%s".formatted(folds),
                name -> training[name] > 0 && training[name] < folds);
        return warnings;
    }

    private List<String> warningsOfSplit() {
        List<String> warnings = new ArrayList<>();
        add(warnings, "no row for training is of %s", name -> training[name] == 0 && validation[name] > 0);
        add(warnings, "no row for validation is of %s", name -> validation[name] == 0 && training[name] > 0);
        return warnings;
    }

    /** Adds a warning that names the classes of a condition, unless there is none. */
    private void add(List<String> warnings, String format, IntPredicate condition) {
        int[] found = IntStream.range(0, names.size()).filter(condition).toArray();
        if (found.length > 0) {
            warnings.add(format.formatted(describe(names, found)));
        }
    }

    /** Names some of the classes, for messages. */
    static String describe(List<String> names, int[] found) {
        String listed = IntStream.of(found)
                .limit(MAX_LISTED_CLASSES)
                .mapToObj(name -> '"' + names.get(name) + '"')
                .collect(Collectors.joining(", "));
        int more = found.length - MAX_LISTED_CLASSES;
        return (found.length == 1 ? "class " : "classes ") + listed + (more > 0 ? " and " + more + " more" : "");
    }
}
