package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.model.Task;
import io.backprop.security.RequestLimits;
import io.backprop.training.TrainingOrder.Held;
import io.backprop.training.TrainingOrder.Share;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Checks an order against the model and the limits, and makes the engine's terms of it. */
@Component
class TrainingPreparation {

    private final ModelService models;
    private final RequestLimits limits;

    TrainingPreparation(ModelService models, RequestLimits limits) {
        this.models = models;
        this.limits = limits;
    }

    PreparedTraining prepare(Model model, TrainingOrder order) {
        Architecture architecture =
                model.spec().architecture().fit(order.inputs().columns(), order.targets());
        models.requireWithinLimits("targets", "inputs", architecture);
        NetworkSpec spec = architecture.networkSpec().orElseThrow();
        requireWithinLimits(order, spec);
        Network current = order.reset() ? null : model.network();
        long epochsBefore = current == null ? 0 : model.epochs();
        TrainingPlan plan = plan(model.spec().plan(), order, epochsBefore);
        TrainingData data = data(architecture, order, model.spec().plan().seed());
        return new PreparedTraining(model, architecture, current, epochsBefore, plan, data, timeLimit(order));
    }

    private void requireWithinLimits(TrainingOrder order, NetworkSpec spec) {
        double examplesOfEpoch = order.inputs().rows();
        limits.requireNumbers("targets", order.targets().rows(), spec.outputs());
        if (order.validation() instanceof Held held) {
            examplesOfEpoch += held.inputs().rows() / 3.0;
            limits.requireNumbers("validationTargets", held.targets().rows(), spec.outputs());
        }
        limits.requireEpochs(order.epochs());
        limits.requireWork(examplesOfEpoch * order.epochs(), spec.parameterCount());
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

    private static TrainingData data(Architecture architecture, TrainingOrder order, long seed) {
        Examples examples =
                new ExampleEncoder(architecture, "inputs", "targets").encode(order.inputs(), order.targets());
        ExampleWeights weights = new ExampleWeights(architecture, order);
        Examples training = weights.apply(examples);
        if (order.validation() instanceof Share share) {
            return split(architecture, training, share.value(), seed);
        }
        if (order.validation() instanceof Held held) {
            ExampleEncoder encoder = new ExampleEncoder(architecture, "validationInputs", "validationTargets");
            return new TrainingData(training, encoder.encode(held.inputs(), held.targets()));
        }
        return TrainingData.of(training);
    }

    private static TrainingData split(Architecture architecture, Examples examples, float share, long seed) {
        try {
            return architecture.outputLayer().task() == Task.CLASSIFICATION
                    ? TrainingData.splitStratified(examples, share, seed)
                    : TrainingData.split(examples, share, seed);
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException("validationSplit", e);
        }
    }

    private Duration timeLimit(TrainingOrder order) {
        if (order.timeLimit() == null) {
            return limits.time();
        }
        limits.requireTime(order.timeLimit());
        return order.timeLimit();
    }
}
