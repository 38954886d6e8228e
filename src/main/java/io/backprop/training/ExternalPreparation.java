package io.backprop.training;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LearningRateSchedule.ReduceOnPlateau;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingPlan;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Architecture;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.model.ModelSpec;
import io.backprop.model.TabularPreset;
import io.backprop.model.TabularPreset.Setting;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.FittedTarget.ClassCount;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.Targets;
import io.backprop.tabular.ValidationShare;
import io.backprop.training.TrainingCommand.Held;
import io.backprop.training.TrainingCommand.HeldRows;
import io.backprop.training.TrainingCommand.NoValidation;
import io.backprop.training.TrainingCommand.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Checks a command to train with a table that drivers read, as {@link TrainingPreparation} does for data that were sent. What
 * depends on the table follows once a driver has fitted it.
 */
@Component
class ExternalPreparation {

    static final int DEFAULT_SHARDS = 64;

    /** Divided by a column; a share is at most {@link ValidationShare#MAX_ROWS}. */
    private static final int MAX_VALIDATION_ROWS = 1_000_000;

    private static final String TABLE = "table";
    private static final String TARGET = "target";

    private static final int FLOPS_PER_PARAMETER = 6; // of an example: forward, and backward for weights and inputs
    private static final double FLOPS_OF_JOB = 2e10; // of two cores in the 0.1 s that a job costs (StepBenchmark)

    private final ModelService models;
    private final RequestLimits limits;

    ExternalPreparation(ModelService models, RequestLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    /** The training as far as it is known without the table. */
    ExternalTraining queued(Model model, TrainingCommand command, ExternalTable table) {
        requireSupported(model, command);
        limits.requireEpochs(command.epochs(model), 0, 1);
        if (command.timeLimitSeconds() != null) {
            limits.requireTime(command.timeLimitSeconds());
        }
        ValidationShare share = validation(model.spec(), command);
        requireFittingValidation(model, command, share);
        ModelSpec spec = spec(model, command);
        boolean fresh = command.startsFresh(model);
        Architecture known = TableSource.known(model, command, table.target());
        Columns learned = fresh ? null : TableSource.requireLearned(known, table.target(), table.columnTypes());
        FitOptions options = new FitOptions(
                table.target(),
                TableSource.targetType(known),
                table.columnTypes(),
                table.cells(),
                command.division(),
                learned == null ? spec.tableScaling() : null,
                learned,
                known.classes() == null ? List.of() : known.classes().names(),
                share,
                ExampleSource.splitSeed(model, command));
        Double seconds = command.timeLimitSeconds();
        TrainingSettings settings = new TrainingSettings(
                known.outputLayer().task(),
                table.name(),
                table.target(),
                table.columnTypes(),
                table.cells(),
                plan(spec, fresh ? 0 : model.epochs()),
                EnsembleSpec.SINGLE,
                share == null ? 0 : share.share(),
                0,
                command.division(),
                command.classWeights(),
                seconds == null ? limits.time() : Duration.ofNanos((long) (seconds * 1e9)),
                command.reset(),
                0,
                null);
        return new ExternalTraining(spec, known, fresh, settings, options, null, 0, List.of());
    }

    /** Rejects what a driver cannot do with a table. */
    private static void requireSupported(Model model, TrainingCommand command) {
        ModelSpec spec = model.spec();
        boolean choosesNetworks = spec.leaves(Setting.ENSEMBLE) && command.startsFresh(model);
        int networks = choosesNetworks ? 1 : spec.ensemble().size();
        InvalidInputException.require(
                TABLE,
                !spec.form().isArticle(),
                "table is not for the network of the article, which learns from one example at a time; create a model"
                        + " with \"hidden\" layers or a preset");
        InvalidInputException.require(
                TABLE,
                networks == 1,
                "table is for a single network, but the model averages %d%s"
                        .formatted(networks, spec.leaves(Setting.ENSEMBLE) ? "; set reset to start fresh" : ""));
        InvalidInputException.require("folds", command.folds() == 0, "folds are not for a table that drivers read");
        InvalidInputException.require(TABLE, command.search() == null, "table is not for a search");
        InvalidInputException.require(
                "validationRows",
                !(command.validation() instanceof HeldRows),
                "validationRows are not for a table that drivers read; set validationSplit or splitColumn");
        InvalidInputException.require(
                "validationInputs",
                !(command.validation() instanceof Held),
                "validationInputs are not for a table that drivers read; set validationSplit or splitColumn");
    }

    private static @Nullable ValidationShare validation(ModelSpec spec, TrainingCommand command) {
        if (command.validation() instanceof Share share) {
            return new ValidationShare(share.value());
        }
        boolean byPreset =
                spec.preset() != null && !isDivided(command) && !(command.validation() instanceof NoValidation);
        return byPreset ? TabularPreset.validation() : null;
    }

    private static boolean isDivided(TrainingCommand command) {
        return command.division() != null && command.division().kind() == RowDivision.Kind.PART;
    }

    private static void requireFittingValidation(
            Model model, TrainingCommand command, @Nullable ValidationShare share) {
        if (share == null && !isDivided(command)) {
            TrainingPreparation.requireNoNeedOfValidation(model, command);
        }
        InvalidInputException.require(
                "groupColumn",
                command.division() == null || share != null || isDivided(command),
                "groupColumn needs validationSplit, whose rows it keeps together");
    }

    /** The model's settings, with those of the command in their place. */
    private static ModelSpec spec(Model model, TrainingCommand command) {
        ModelSpec spec =
                model.spec().withEnsemble(EnsembleSpec.SINGLE, model.spec().calibrate());
        TrainingPlan plan = spec.plan();
        int shards = command.shards() == null ? DEFAULT_SHARDS : command.shards();
        spec = spec.withPlan(plan.withEpochs(command.epochs(model))
                .withBatches(
                        command.batchSize() == null ? plan.batchSize() : command.batchSize(),
                        command.shuffle() == null ? plan.shuffle() : command.shuffle())
                .withShards(shards));
        if (command.keepBest() != null) {
            spec = spec.withLeft(Setting.KEEP_BEST, false).withPlan(spec.plan().withKeepBest(command.keepBest()));
        }
        try {
            return command.learningRate() == null ? spec : spec.withLearningRate(command.learningRate());
        } catch (InvalidArgumentException e) { // a rate of 0 without a warm-up
            throw new InvalidInputException("learningRate", e);
        }
    }

    private static TrainingPlan plan(ModelSpec spec, long epochsBefore) {
        return spec.plan().withSeed(SplitMix64.derive(spec.plan().seed(), epochsBefore));
    }

    /**
     * Completes a training from the fit of its table.
     *
     * @throws InvalidInputException if the model cannot learn from this table
     */
    ExternalTraining prepared(Model model, ExternalTraining queued, FittedTable table) {
        requireRows(queued, table);
        requireLearned(queued, table);
        Architecture architecture = architecture(queued, table);
        ModelSpec spec = queued.spec().withArchitecture(architecture); // what follows from the table
        architecture = spec.architecture();
        models.requireWithinLimits(TARGET, TABLE, spec);
        InvalidInputException.require(
                TABLE,
                !spec.calibrate() || spec.leaves(Setting.CALIBRATE) || architecture.hasProbabilities(),
                "the model is created with calibrate, which is for probabilities, but it learns from this table to"
                        + " predict numbers");
        TrainingSettings before = queued.settings();
        TrainingPlan plan = plan(spec, queued.fresh() ? 0 : model.epochs());
        plan = plan.withKeepBest(keepBest(queued, plan, table));
        TrainingSettings settings =
                before.prepared(architecture.outputLayer().task(), plan, Math.toIntExact(table.validationRows()));
        List<String> warnings = new ArrayList<>(queued.warnings());
        warnings.addAll(table.warnings());
        warnings.addAll(warnings(queued, table));
        smallSteps(plan, architecture.networkSpec().orElseThrow(), table.trainingRows())
                .ifPresent(warnings::add);
        ExternalTraining prepared = new ExternalTraining(
                queued.spec(),
                architecture,
                queued.fresh(),
                settings,
                queued.options(),
                new ExternalTraining.Fit(classWeights(architecture, settings.classWeights(), table), table.split()),
                table.trainingRows(),
                warnings);
        requireMeasurable(prepared);
        return prepared;
    }

    /** A driver that fits what the model has learned before would train another model. */
    private static void requireLearned(ExternalTraining queued, FittedTable table) {
        Columns learned = queued.options().learned();
        InvalidInputException.require(
                TABLE,
                learned == null || learned.features().equals(table.features()),
                "the fit must have the features that the model has learned before");
    }

    private static void requireRows(ExternalTraining queued, FittedTable table) {
        InvalidInputException.require(
                TABLE, table.trainingRows() > 0, "the table must have a row for training, but has none");
        ValidationShare share = queued.options().validation();
        InvalidInputException.require(
                "validationSplit",
                share == null || share.equals(TabularPreset.validation()) || table.validationRows() > 0,
                "validationSplit leaves no row for validation; rows are chosen by their content, and equal rows stay"
                        + " together");
        InvalidInputException.require(
                TABLE,
                table.validationRows() <= MAX_VALIDATION_ROWS,
                "at most %d rows may be for validation, which one machine holds, but %d are"
                        .formatted(MAX_VALIDATION_ROWS, table.validationRows()));
    }

    private static Architecture architecture(ExternalTraining queued, FittedTable table) {
        FitOptions options = queued.options();
        Columns learned = options.learned();
        Architecture withTargets = queued.architecture().fitTargets(TARGET, targets(table.target()));
        TargetUnit unit = table.target() instanceof FittedTarget.Numbers numbers ? numbers.unit() : TargetUnit.NUMBER;
        boolean keepsTime = learned != null && learned.unit() == TargetUnit.DATE_TIME;
        return withTargets.withFeatures(new Columns(
                table.features(),
                options.target(),
                keepsTime ? TargetUnit.DATE_TIME : unit,
                learned == null ? scaling(queued.spec(), withTargets, table.target()) : learned.targets(),
                options.cells().format()));
    }

    /** Targets of the same kind: one of each class, or one number. */
    private static Targets targets(FittedTarget target) {
        return target instanceof FittedTarget.Classes classes
                ? new Targets.Labels(classes.names())
                : new Targets.Numbers(Matrix.wrap(1, 1, new float[1]));
    }

    private static Scaling scaling(ModelSpec spec, Architecture withTargets, FittedTarget target) {
        return spec.standardizesTables() && target instanceof FittedTarget.Numbers numbers
                ? withTargets.targetScaling(List.of(numbers.summary()))
                : Scaling.NONE;
    }

    private static @Nullable KeepBest keepBest(ExternalTraining queued, TrainingPlan plan, FittedTable table) {
        KeepBest best = plan.keepBest();
        boolean byDefault = queued.spec().leaves(Setting.KEEP_BEST);
        return best != null && byDefault && best.monitor().needsValidation() && table.validationRows() == 0
                ? null
                : best;
    }

    private static List<Float> classWeights(Architecture architecture, ClassWeights weights, FittedTable table) {
        if (weights.equals(ClassWeights.NONE)) {
            return List.of();
        }
        if (!(table.target() instanceof FittedTarget.Classes classes) || architecture.classes() == null) {
            throw new InvalidInputException("classWeights", "classWeights are for a classification");
        }
        Map<String, ClassCount> found =
                classes.classes().stream().collect(Collectors.toMap(ClassCount::name, Function.identity()));
        List<String> names = architecture.classes().names();
        long[] counts = names.stream()
                .mapToLong(name -> found.containsKey(name) ? found.get(name).training() : 0)
                .toArray();
        float[] byClass = ExampleWeights.byClass(names, counts, weights);
        List<Float> list = new ArrayList<>();
        boolean any = false;
        for (int i = 0; i < byClass.length; i++) {
            list.add(byClass[i]);
            any |= byClass[i] > 0 && counts[i] > 0;
        }
        InvalidInputException.require("classWeights", any, "classWeights must not be 0 for all rows for training");
        return list;
    }

    private static List<String> warnings(ExternalTraining queued, FittedTable table) {
        if (table.target() instanceof FittedTarget.Classes classes) {
            boolean found = queued.architecture().classes() == null;
            return ClassCoverage.warnings(classes, table.validationRows() > 0, found);
        }
        FittedTarget.Numbers numbers = (FittedTarget.Numbers) table.target();
        return queued.architecture().outputLayer().isOpen() && !numbers.unit().isDate() && numbers.likelyClasses() > 0
                ? List.of(ExampleSource.warningOfCodes(
                        numbers.likelyClasses(),
                        "column \"%s\" has".formatted(queued.options().target()),
                        "task=classification"))
                : List.of();
    }

    /** Checks that the metrics that the training monitors fit its targets, and that there are rows to measure them. */
    private static void requireMeasurable(ExternalTraining prepared) {
        TrainingPlan plan = prepared.settings().plan();
        KeepBest best = plan.keepBest();
        if (best != null) {
            requireMeasurable(best.patience() == null ? "keepBest" : "earlyStopping", best.monitor(), prepared);
        }
        if (plan.schedule() instanceof ReduceOnPlateau plateau) {
            requireMeasurable("learningRateSchedule", plateau.monitor(), prepared);
        }
    }

    private static void requireMeasurable(String field, Metric metric, ExternalTraining prepared) {
        NetworkSpec spec = prepared.network();
        try {
            prepared.targetKind().requireFit(field, metric, spec.outputs());
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException(field, e);
        }
        InvalidInputException.require(
                field,
                !metric.needsValidation() || prepared.settings().validationExamples() > 0,
                "%s monitors %s, but no row of the table is for validation".formatted(field, metric.id()));
    }

    /** Warns of steps that compute less than a job of the cluster costs. */
    private static Optional<String> smallSteps(TrainingPlan plan, NetworkSpec network, long rows) {
        long rowsOfStep = Math.min(plan.batchSize(), rows);
        double flopsOfRow = (double) FLOPS_PER_PARAMETER * network.parameterCount();
        if (flopsOfRow * rowsOfStep >= FLOPS_OF_JOB) {
            return Optional.empty();
        }
        long enough = Long.highestOneBit((long) (FLOPS_OF_JOB / flopsOfRow)) * 2; // a power of two
        String remedy = enough <= rows
                ? "a batchSize of %d or more pays".formatted(enough)
                : "%d rows are trained faster without a cluster".formatted(rows);
        return Optional.of("a step of %d rows takes less time to compute than to send to a cluster; %s"
                .formatted(rowsOfStep, remedy));
    }
}
