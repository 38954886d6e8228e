package io.backprop.training;

import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelInTrainingException;
import io.backprop.model.ModelService;
import io.backprop.security.MemoryBudget;
import io.backprop.security.RequestLimits;
import io.backprop.training.TrainingOrder.Held;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Checks an order against the model and the limits, and makes the engine's terms of it. */
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
     * @param before what was prepared of the same order for the model as it was before; its data still fit unless the model
     *     has learned other things about them since
     */
    PreparedTraining prepare(Model model, TrainingOrder order, @Nullable PreparedTraining before) {
        Duration timeLimit = timeLimit(order);
        limits.requireEpochs(order.epochs(), order.folds());
        ExampleSource.Fitted fitted =
                before != null && model.spec().equals(before.model().spec())
                        ? new ExampleSource.Fitted(before.architecture(), before.data(), before.warnings())
                        : fit(model, order, before != null);
        Network current = order.beginsAnew(model) ? null : model.network();
        long epochsBefore = current == null ? 0 : model.epochs();
        return new PreparedTraining(
                model,
                fitted.architecture(),
                current,
                epochsBefore,
                plan(model.spec().plan(), order, epochsBefore),
                fitted.data(),
                timeLimit,
                order.folds(),
                fitted.warnings());
    }

    private ExampleSource.Fitted fit(Model model, TrainingOrder order, boolean again) {
        if (again && order.source() instanceof TrainingSource.Rows) { // whose memory is the examples' by now
            throw ModelInTrainingException.meanwhile(model.id());
        }
        ExampleSource source = source(model, order);
        Architecture architecture = source.architecture();
        models.requireWithinLimits(source.targetsField(), source.inputsField(), architecture);
        requireWithinLimits(order, source, architecture.networkSpec().orElseThrow());
        memory.take(source.numbersToMake() * Float.BYTES);
        return source.fit();
    }

    private static ExampleSource source(Model model, TrainingOrder order) {
        return order.source() instanceof TrainingSource.Rows rows
                ? new TableSource(model, order, rows)
                : new MatrixSource(model, order, (TrainingSource.Matrices) order.source());
    }

    private void requireWithinLimits(TrainingOrder order, ExampleSource source, NetworkSpec spec) {
        double examplesOfEpoch = source.rows();
        limits.requireNumbers(source.targetsField(), source.rows(), spec.outputs());
        limits.requireCategories(source.inputsField(), source.rows(), source.categories());
        if (order.validation() instanceof Held held) {
            examplesOfEpoch += held.inputs().rows() / 3.0;
            limits.requireNumbers("validationTargets", held.targets().rows(), spec.outputs());
        }
        if (order.folds() > source.rows()) {
            throw new InvalidInputException(
                    "folds",
                    "folds must be at most as many as rows, %d, but were %d".formatted(source.rows(), order.folds()));
        }
        limits.requireWork(examplesOfEpoch, order.epochs(), order.folds(), spec.parameterCount());
    }

    private static TrainingPlan plan(TrainingPlan models, TrainingOrder order, long epochsBefore) {
        return new TrainingPlan(
                order.epochs(),
                order.batchSize() == null ? models.batchSize() : order.batchSize(),
                order.shuffle() == null ? models.shuffle() : order.shuffle(),
                models.optimizer(),
                order.learningRate() == null ? models.learningRate() : order.learningRate(),
                models.schedule(),
                models.regularization(),
                order.earlyStopping(),
                SplitMix64.derive(models.seed(), epochsBefore));
    }

    private Duration timeLimit(TrainingOrder order) {
        Double seconds = order.timeLimitSeconds();
        if (seconds == null) {
            return limits.time();
        }
        limits.requireTime(seconds);
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
