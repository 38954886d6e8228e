package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LearningRateSchedule.ReduceOnPlateau;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Shard;
import io.backprop.engine.Split;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TargetKind;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Architecture;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelException;
import io.backprop.model.ModelService;
import io.backprop.model.ModelSpec;
import io.backprop.model.TabularPreset;
import io.backprop.model.TabularPreset.Setting;
import io.backprop.tabular.RowDivision;
import io.backprop.training.TrainingCommand.Held;
import io.backprop.training.TrainingCommand.HeldRows;
import io.backprop.training.TrainingCommand.NoValidation;
import io.backprop.training.TrainingCommand.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAccumulator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Checks a command and its data against the model and the limits, and translates them to the engine's terms. */
@Component
class TrainingPreparation {

    private final ModelService models;
    private final RequestLimits limits;
    private final MemoryBudget memory;
    private final ComputeBudget compute;

    TrainingPreparation(ModelService models, RequestLimits limits, MemoryBudget memory, ComputeBudget compute) {
        this.models = models;
        this.limits = limits;
        this.memory = memory;
        this.compute = compute;
    }

    /** Checks what does not depend on the data. */
    void requireFitting(Model model, TrainingCommand command) {
        EnsembleSpec ensemble = RowUse.expected(model, command).ensemble();
        limits.requireEpochs(command.epochs(model), command.folds(), ensemble.size());
        if (command.timeLimitSeconds() != null) {
            limits.requireTime(command.timeLimitSeconds());
        }
        requireFittingValidation(model, command);
    }

    PreparedTraining prepare(Model model, TrainingCommand command, ExampleSource source) {
        requireFitting(model, command);
        try {
            ExampleSource.Fitted fitted = source.fit(model, command, size -> reserve(model, command, size));
            requireProbabilities(model, fitted.architecture(), source);
            List<String> warnings = new ArrayList<>(fitted.warnings());
            warningOfFewRows(RowUse.expected(model, command), fitted).ifPresent(warnings::add);
            warnings.addAll(ClassCoverage.warnings(fitted.architecture(), fitted.data()));
            if (command.known(model).classes() == null) {
                warnings.addAll(ClassCoverage.warningsOfNewClasses(fitted.architecture(), fitted.data()));
            }
            return prepared(
                    model,
                    command,
                    source,
                    new ExampleSource.Fitted(fitted.architecture(), fitted.use(), fitted.data(), warnings));
        } finally {
            compute.release(); // before the training is stored
        }
    }

    /** Warns if a preset trains a single network although the rows are not too many for folds. */
    private static Optional<String> warningOfFewRows(RowUse expected, ExampleSource.Fitted fitted) {
        Examples validation = fitted.data().validation();
        int rows = fitted.data().training().size() + (validation == null ? 0 : validation.size());
        int folds = expected.ensemble().folds();
        return folds == 0 || fitted.use().ensemble().folds() > 0 || rows > TabularPreset.MAX_ROWS_BY_FOLD
                ? Optional.empty()
                : Optional.of(
                        "a single network is trained, because rows, or groups of rows, are fewer than the %d folds of the preset"
                                .formatted(folds));
    }

    /**
     * Prepares the same training again after the model has changed.
     *
     * @param before prepared from the same command and data; its examples are used again unless the model's settings or
     *     preprocessing have changed
     */
    PreparedTraining prepareAgain(Model model, TrainingCommand command, ExampleSource source, PreparedTraining before) {
        EnsembleSpec ensemble = before.settings().ensemble();
        if (model.withNetworks(ensemble).spec().equals(before.model().spec())) {
            float share = before.settings().validationSplit();
            RowUse use = new RowUse(ensemble, share == 0 ? null : new Share(share), command.folds());
            return prepared(
                    model,
                    command,
                    source,
                    new ExampleSource.Fitted(before.architecture(), use, before.data(), before.warnings()));
        }
        if (source instanceof TableSource) { // consumed by the first preparation
            throw ModelException.changed(model.id());
        }
        return prepare(model, command, source);
    }

    private PreparedTraining prepared(
            Model model, TrainingCommand command, ExampleSource source, ExampleSource.Fitted fitted) {
        ModelSpec spec = model.spec().withArchitecture(fitted.architecture()); // what follows from the data
        TrainingPlan plan = plan(model, spec.plan(), command);
        plan = plan.withKeepBest(keepBest(spec, command, fitted.data()));
        PreparedTraining prepared = new PreparedTraining(
                model.withNetworks(fitted.use().ensemble()),
                spec.architecture(),
                command.startsFresh(model),
                TrainingSettings.of(command, source, fitted, plan, timeLimit(command)),
                inOrder(fitted.data(), plan),
                fitted.warnings());
        KeepBest best = plan.keepBest();
        if (best != null) {
            boolean stopsEarly = best.patience() != null;
            requireMeasurable(
                    stopsEarly ? "earlyStopping" : "keepBest",
                    stopsEarly ? "earlyStopping.monitor" : "keepBest",
                    best.monitor(),
                    prepared);
        }
        if (plan.schedule() instanceof ReduceOnPlateau plateau) {
            requireMeasurable(
                    "learningRateSchedule", "learningRateSchedule.monitor of the model", plateau.monitor(), prepared);
        }
        PreparedTraining complete = command.search() == null ? prepared : search(command.search(), prepared);
        memory.requirePossible(command.folds() == 0 ? source.field() : "folds", complete.bytes());
        return complete;
    }

    /** With shards, the order of a table does not matter: neither that of the training rows, nor that of the others. */
    private static TrainingData inOrder(TrainingData data, TrainingPlan plan) {
        Examples validation = data.validation();
        return plan.shards() == 1 || validation == null
                ? data
                : new TrainingData(data.training(), Shard.sort(validation, plan.seed()), data.folds(), data.heldOut());
    }

    /** Plans the trials of a search and checks the limits for all of them. */
    private PreparedTraining search(SearchCommand search, PreparedTraining prepared) {
        LongAccumulator parameters = new LongAccumulator(Math::max, 0); // of the largest network
        SearchPlan plan = search.plan(prepared, trial -> {
            models.requireWithinLimits(trial.model().spec());
            parameters.accumulate(trial.start().spec().parameterCount());
        });
        limits.requireEpochs(plan.epochs(), 0, 1);
        limits.requireTrainingFlops(prepared.data().training().size(), plan.epochs(), 0, 1, parameters.get());
        return prepared.withSearch(plan);
    }

    /** The epoch that is kept. The model's default applies where there are the rows that it needs. */
    private static @Nullable KeepBest keepBest(ModelSpec spec, TrainingCommand command, TrainingData data) {
        KeepBest byDefault = spec.plan().keepBest();
        if (command.keepBest() != null
                || byDefault == null
                || !byDefault.monitor().needsValidation()) {
            return command.keepBest() == null ? byDefault : command.keepBest();
        }
        Folds folds = data.folds();
        boolean validates = (command.folds() == 0 || folds == null)
                ? data.validation() != null || data.heldOut() != null || folds != null
                : !folds.monitored(0).isEmpty();
        return validates ? byDefault : null;
    }

    /** Checks that a metric fits the targets of a training, and that it is defined for its validation rows. */
    private static void requireMeasurable(String field, String name, Metric metric, PreparedTraining prepared) {
        TargetKind kind = prepared.targetKind();
        try {
            kind.requireFit(name, metric, prepared.data().training().targets().columns());
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException(field, e);
        }
        if (metric.isLoss()) {
            return;
        }
        Examples validation = prepared.data().validation();
        Folds folds = prepared.data().folds();
        Split heldOut = prepared.data().heldOut();
        if (validation != null) {
            requireDefined(field, metric, kind, validation.targets(), "");
        } else if (heldOut != null) {
            Matrix targets = prepared.data().training().targets().select(heldOut.validation());
            requireDefined(field, metric, kind, targets, "");
        } else if (folds != null) {
            Matrix targets = prepared.data().training().targets();
            for (int fold = 0; fold < folds.count(); fold++) {
                int[] rows = prepared.isByFold()
                        ? folds.split(fold).validation()
                        : folds.monitored(fold).stream().toArray();
                requireDefined(field, metric, kind, targets.select(rows), " of fold %d".formatted(fold + 1));
            }
        }
    }

    private static void requireDefined(String field, Metric metric, TargetKind kind, Matrix targets, String ofFold) {
        InvalidInputException.require(
                field,
                kind.measure(metric, targets, targets) != null,
                "%s monitors %s, which is undefined for the validation rows%s: %s"
                        .formatted(
                                field,
                                metric.id(),
                                ofFold,
                                metric == Metric.R2 ? "there is only one" : "they do not have both classes"));
    }

    /** Checks the limits, takes the memory for the examples and, if they are many, waits for a permit to compute them. */
    private void reserve(Model model, TrainingCommand command, ExampleSource.Size size) {
        models.requireWithinLimits(
                size.targetsField(), size.inputsField(), model.spec().withArchitecture(size.architecture()));
        NetworkSpec spec = size.architecture().networkSpec().orElseThrow();
        double examplesOfEpoch = size.rows();
        limits.requireCells(size.targetsField(), size.rows(), "outputs", spec.outputs());
        limits.requireCells(size.inputsField(), size.rows(), "categories", size.categories());
        if (size.use().validation() instanceof Held held) {
            examplesOfEpoch += held.inputs().rows() / 3.0; // a forward pass only
            limits.requireCells("validationTargets", held.targets().rows(), "outputs", spec.outputs());
        }
        if (size.use().validation() instanceof HeldRows held) {
            examplesOfEpoch += held.count() / 3.0;
            limits.requireCells("validationRows", held.count(), "outputs", spec.outputs());
            limits.requireCells("validationRows", held.count(), "categories", size.categories());
        }
        if (command.folds() > size.rows()) {
            throw new InvalidInputException(
                    "folds",
                    "folds must be at most as many as rows, %d, but were %d".formatted(size.rows(), command.folds()));
        }
        EnsembleSpec ensemble = size.use().ensemble();
        if (command.folds() == 0 && ensemble.folds() > size.rows()) {
            throw new InvalidInputException(
                    size.inputsField(),
                    "rows must be at least as many as folds of the ensemble, %d, but were %d"
                            .formatted(ensemble.folds(), size.rows()));
        }
        limits.requireTrainingFlops(
                examplesOfEpoch, command.epochs(model), command.folds(), ensemble.size(), spec.parameterCount());
        long bytes = size.newCells() * Float.BYTES;
        memory.acquire(bytes);
        if (ComputeBudget.isLargeBody(bytes)) {
            compute.acquire();
        }
    }

    /** Checks that there are the rows for validation that the command and the model need, and no others. */
    private static void requireFittingValidation(Model model, TrainingCommand command) {
        String given = validationField(command);
        RowUse use = RowUse.expected(model, command);
        boolean byFold = use.ensemble().folds() > 0;
        if (command.folds() > 0) {
            InvalidInputException.require(
                    "folds",
                    !byFold,
                    "a cross-validation is for a model whose networks do not have folds already; after a training, the"
                            + " validationMetrics of this one are those of rows that each network was not trained on");
            InvalidInputException.require(
                    "validationSplit",
                    command.validation() == null || RowUse.mayMonitor(model.spec(), command),
                    "validationSplit of a cross-validation is for earlyStopping, keepBest or a learningRateSchedule"
                            + " that monitors rows apart from the fold");
            return;
        }
        boolean learned = command.search() != null && use.holdsOut(); // at the end, with all other rows
        InvalidInputException.require(
                given == null ? "" : given,
                !byFold || given == null || learned,
                given + " is for a model whose networks are trained on the same rows; each network of this one is"
                        + " validated on its own fold");
        if (command.search() != null) {
            InvalidInputException.require(
                    "validationSplit",
                    !(command.validation() instanceof NoValidation),
                    "validationSplit must be greater than 0 in a search, which measures its trials on these rows");
            return;
        }
        boolean validates = byFold || given != null || use.validation() != null;
        if (!validates) {
            requireNoNeedOfValidation(model, command);
        }
        InvalidInputException.require(
                "groupColumn",
                validates || command.division() == null,
                "groupColumn needs validationSplit, whose rows it keeps together");
    }

    static void requireNoNeedOfValidation(Model model, TrainingCommand command) {
        KeepBest best = command.keepBest();
        if (best != null && best.monitor().needsValidation()) {
            String field = best.patience() == null ? "keepBest" : "earlyStopping";
            throw new InvalidInputException(
                    field,
                    "%s monitors %s, which needs rows for validation, such as validationSplit"
                            .formatted(field, best.monitor().id()));
        }
        if (model.spec().plan().schedule() instanceof ReduceOnPlateau plateau) {
            InvalidInputException.require(
                    "validationSplit",
                    !plateau.monitor().needsValidation(),
                    "learningRateSchedule of the model monitors %s, which needs rows for validation, such as validationSplit"
                            .formatted(plateau.monitor().id()));
        }
        InvalidInputException.require(
                "validationSplit",
                !model.spec().calibrate() || model.spec().leaves(Setting.CALIBRATE),
                "validationSplit, or other rows for validation, is required for calibrate, since the temperature is"
                        + " fitted to them; a model with an ensemble by fold needs none");
    }

    /** The field that rows for validation come from; null without any. */
    private static @Nullable String validationField(TrainingCommand command) {
        if (command.validation() instanceof Held) {
            return "validationInputs";
        }
        if (command.validation() instanceof HeldRows) {
            return "validationRows";
        }
        if (command.validation() instanceof Share) {
            return "validationSplit";
        }
        RowDivision division = command.division();
        return division != null && division.kind() == RowDivision.Kind.PART ? "splitColumn" : null;
    }

    private static void requireProbabilities(Model model, Architecture architecture, ExampleSource source) {
        InvalidInputException.require(
                source.field(),
                !model.spec().calibrate() || model.spec().leaves(Setting.CALIBRATE) || architecture.hasProbabilities(),
                "the model is created with calibrate, which is for probabilities, but it learns from these rows to"
                        + " predict numbers");
    }

    /** @param models the defaults of the model */
    private static TrainingPlan plan(Model model, TrainingPlan models, TrainingCommand command) {
        long epochsBefore = command.startsFresh(model) ? 0 : model.epochs();
        try {
            return plan(models, command.epochs(model), command, epochsBefore);
        } catch (InvalidArgumentException e) { // a rate of 0 without a warm-up
            throw new InvalidInputException("learningRate", e);
        }
    }

    private static TrainingPlan plan(TrainingPlan models, int epochs, TrainingCommand command, long epochsBefore) {
        return new TrainingPlan(
                epochs,
                command.batchSize() == null ? models.batchSize() : command.batchSize(),
                command.shuffle() == null ? models.shuffle() : command.shuffle(),
                models.dropRemainder(),
                command.shards() == null ? models.shards() : command.shards(),
                models.optimizer(),
                command.learningRate() == null ? models.learningRate() : command.learningRate(),
                models.schedule(),
                models.learningRateFactors(),
                models.frontScale(),
                models.regularization(),
                command.keepBest(),
                SplitMix64.derive(models.seed(), epochsBefore));
    }

    private Duration timeLimit(TrainingCommand command) {
        Double seconds = command.timeLimitSeconds();
        return seconds == null ? limits.time() : Duration.ofNanos((long) (seconds * 1e9));
    }
}
