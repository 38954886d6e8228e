package io.backprop.training;

import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingPlan;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelInTrainingException;
import io.backprop.model.ModelService;
import io.backprop.training.TrainingCommand.Held;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Checks a command against the model and the limits, and makes the engine's terms of it. */
@Component
class TrainingPreparation {

    private final ModelService models;
    private final RequestLimits limits;
    private final MemoryBudget memory;

    TrainingPreparation(ModelService models, RequestLimits limits, MemoryBudget memory) {
        this.models = models;
        this.limits = limits;
        this.memory = memory;
    }

    /**
     * @param before what was prepared of the same command for the model as it was before; its data still fit unless the model
     *     has learned other things about them since
     */
    PreparedTraining prepare(Model model, TrainingCommand command, @Nullable PreparedTraining before) {
        Duration timeLimit = timeLimit(command);
        limits.requireEpochs(command.epochs(), command.folds());
        ExampleSource.Fitted fitted =
                before != null && model.spec().equals(before.model().spec())
                        ? new ExampleSource.Fitted(before.architecture(), before.data(), before.warnings())
                        : fit(model, command, before != null);
        Network current = command.startsFresh(model) ? null : model.network();
        long epochsBefore = current == null ? 0 : model.epochs();
        return new PreparedTraining(
                model,
                fitted.architecture(),
                current,
                epochsBefore,
                plan(model.spec().plan(), command, epochsBefore),
                fitted.data(),
                timeLimit,
                command.folds(),
                fitted.warnings());
    }

    private ExampleSource.Fitted fit(Model model, TrainingCommand command, boolean again) {
        if (again && command.source() instanceof TrainingSource.Rows) { // whose memory is the examples' by now
            throw ModelInTrainingException.meanwhile(model.id());
        }
        ExampleSource source = source(model, command);
        Architecture architecture = source.architecture();
        models.requireWithinLimits(source.targetsField(), source.inputsField(), architecture);
        requireWithinLimits(command, source, architecture.networkSpec().orElseThrow());
        memory.take(source.numbersToMake() * Float.BYTES);
        return source.fit();
    }

    private static ExampleSource source(Model model, TrainingCommand command) {
        return command.source() instanceof TrainingSource.Rows rows
                ? new TableSource(model, command, rows)
                : new MatrixSource(model, command, (TrainingSource.Matrices) command.source());
    }

    private void requireWithinLimits(TrainingCommand command, ExampleSource source, NetworkSpec spec) {
        double examplesOfEpoch = source.rows();
        limits.requireNumbers(source.targetsField(), source.rows(), spec.outputs());
        limits.requireCategories(source.inputsField(), source.rows(), source.categories());
        if (command.validation() instanceof Held held) {
            examplesOfEpoch += held.inputs().rows() / 3.0;
            limits.requireNumbers("validationTargets", held.targets().rows(), spec.outputs());
        }
        if (command.folds() > source.rows()) {
            throw new InvalidInputException(
                    "folds",
                    "folds must be at most as many as rows, %d, but were %d".formatted(source.rows(), command.folds()));
        }
        limits.requireWork(examplesOfEpoch, command.epochs(), command.folds(), spec.parameterCount());
    }

    private static TrainingPlan plan(TrainingPlan models, TrainingCommand command, long epochsBefore) {
        return new TrainingPlan(
                command.epochs(),
                command.batchSize() == null ? models.batchSize() : command.batchSize(),
                command.shuffle() == null ? models.shuffle() : command.shuffle(),
                models.optimizer(),
                command.learningRate() == null ? models.learningRate() : command.learningRate(),
                models.schedule(),
                models.regularization(),
                command.earlyStopping(),
                SplitMix64.derive(models.seed(), epochsBefore));
    }

    private Duration timeLimit(TrainingCommand command) {
        Double seconds = command.timeLimitSeconds();
        if (seconds == null) {
            return limits.time();
        }
        limits.requireTime(seconds);
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
