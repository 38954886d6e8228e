package io.backprop.engine;

import io.backprop.engine.LearningRateSchedule.Plateau;
import io.backprop.engine.LearningRateSchedule.ReduceOnPlateau;
import io.backprop.engine.TrainingState.Progress;
import io.backprop.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network by mini-batch gradient descent.
 *
 * <p>Works on its own copy of the parameters. Not thread-safe; calls its {@link TrainingListener} on the thread that runs
 * {@link #train}.
 */
public final class Trainer {

    /*
     * The complete state between two steps is in the descent and in the fields from `parameters` on; `state` copies just
     * these. The listener is polled for a stop after some millions of multiplications, so that the check costs small
     * networks nothing and large networks stop soon. A long step or validation is polled as well; if it is abandoned, a
     * resumed training repeats it.
     */

    static final long WORK_BETWEEN_STOP_CHECKS = 4_000_000;
    private static final int MOMENTS = 2; // at most, of an optimizer

    private final NetworkSpec spec;
    private final TrainingPlan plan;
    private final Execution execution = new Execution(Kernels.best());
    private final long examples;
    private final @Nullable Validation validation;
    private final GradientDescent descent;
    private final GradientDescent.Step step = new GradientDescent.Step();
    long stepsBetweenStopChecks; // not final, so that tests can poll after every step

    private final float[] parameters;
    private final Supplier<Network> copy; // of the network at the end of an epoch
    private float[] bestParameters; // of one epoch, replaced but never modified
    private int bestEpoch;
    private double bestValue;
    private Plateau plateau;
    private double lossSum;
    private @Nullable List<EpochReport> history = new ArrayList<>(); // null if it is not wanted

    private Trainer(
            NetworkSpec spec,
            TrainingState state,
            TrainingPlan plan,
            long examples,
            @Nullable Examples validation,
            BiFunction<Execution, float[], GradientDescent> descent) {
        requireFit(spec, plan, validation);
        this.spec = spec;
        this.plan = plan;
        this.examples = examples;
        long stepWork = spec.parameterCount() * Math.min(plan.batchSize(), examples);
        this.stepsBetweenStopChecks = Math.max(1, WORK_BETWEEN_STOP_CHECKS / stepWork);
        this.parameters = state.parameters().values().clone();
        this.descent = descent.apply(execution, parameters);
        this.copy = () -> Network.of(spec, parameters);
        this.validation = validation == null ? null : new Validation(execution, spec, parameters, validation);
        this.bestParameters = state.bestParameters().values();
        Progress progress = state.progress();
        this.bestEpoch = progress.bestEpoch();
        this.bestValue = progress.bestValue();
        this.plateau = progress.plateau();
        this.lossSum = progress.lossSum();
        this.step.epoch = progress.epoch();
        this.step.inEpoch = progress.step();
    }

    /** Creates a training that starts from the network's parameters. */
    public static Trainer start(Network network, TrainingPlan plan, TrainingData data) {
        return of(network.spec(), startOf(network), plan, data);
    }

    /**
     * Creates a sharded training that starts from the network's parameters, and whose gradients are computed elsewhere.
     *
     * @param plan its shards are at least 2
     * @param validation examples that are evaluated after each epoch; null for none
     */
    public static Trainer start(
            Network network, TrainingPlan plan, GradientSource source, @Nullable Examples validation) {
        return of(network.spec(), startOf(network), plan, source, validation);
    }

    private static TrainingState startOf(Network network) {
        Vector nothing = Vector.of();
        return new TrainingState(Progress.START, Vector.wrap(network.parameters()), nothing, nothing);
    }

    /**
     * Creates a training that continues from the {@link #state} of another one. The result has the same bits as an
     * uninterrupted training if network, plan and data are the same.
     */
    public static Trainer resume(NetworkSpec spec, TrainingState state, TrainingPlan plan, TrainingData data) {
        requireState(spec, state);
        return of(spec, state, plan, data).restore(state);
    }

    /** Creates a sharded training that continues from the {@link #state} of another one, on the same or other machines. */
    public static Trainer resume(
            NetworkSpec spec,
            TrainingState state,
            TrainingPlan plan,
            GradientSource source,
            @Nullable Examples validation) {
        requireState(spec, state);
        return of(spec, state, plan, source, validation).restore(state);
    }

    private static Trainer of(NetworkSpec spec, TrainingState state, TrainingPlan plan, TrainingData data) {
        Examples training = data.training();
        training.requireFit(spec);
        return new Trainer(
                spec,
                state,
                plan,
                training.size(),
                data.validation(),
                (execution, parameters) -> GradientDescent.of(execution, spec, plan, training, parameters));
    }

    private static Trainer of(
            NetworkSpec spec,
            TrainingState state,
            TrainingPlan plan,
            GradientSource source,
            @Nullable Examples validation) {
        InvalidArgumentException.requireAtLeast(2, plan.shards(), "shards");
        long rows = source.rows();
        InvalidArgumentException.requireArgument(rows >= 1, "rows must be at least 1, but was %d", rows);
        return new Trainer(
                spec,
                state,
                plan,
                rows,
                validation,
                (execution, parameters) -> new ShardedDescent(execution, spec, plan, source, parameters));
    }

    private static void requireState(NetworkSpec spec, TrainingState state) {
        requireParameters("parameters", state.parameters(), spec);
        if (state.bestParameters().size() > 0 || state.progress().bestEpoch() > 0) {
            requireParameters("bestParameters", state.bestParameters(), spec);
        }
    }

    private static void requireParameters(String name, Vector parameters, NetworkSpec spec) {
        InvalidArgumentException.requireArgument(
                parameters.size() == spec.parameterCount(),
                "%s of the state must have %d values, but has %d",
                name,
                spec.parameterCount(),
                parameters.size());
    }

    private Trainer restore(TrainingState state) {
        descent.state().restore(state.optimizerState().values());
        return this;
    }

    private static void requireFit(NetworkSpec spec, TrainingPlan plan, @Nullable Examples validation) {
        if (validation != null) {
            validation.requireFit(spec);
        }
        plan.learningRateFactors().requireFit(spec.layers().size());
        for (Metric monitored : plan.monitored()) {
            InvalidArgumentException.requireArgument(
                    validation != null || !monitored.needsValidation(),
                    "the plan monitors %s, which requires validation data",
                    monitored.id());
        }
    }

    /**
     * The number of bytes that a training allocates besides its examples and its history.
     *
     * @param rows number of examples, with those for validation
     */
    public static long memory(NetworkSpec spec, TrainingPlan plan, int rows) {
        long inSnapshot = 1L + MOMENTS + (plan.keepBest() == null ? 0 : 1); // the best parameters
        long floats = (2 * inSnapshot + 2) * spec.parameterCount() // with a snapshot, a copy, and the gradients
                + (plan.shards() == 1
                        ? ForwardPass.floatsOfTraining(spec, Math.min(plan.batchSize(), rows))
                        : LocalGradients.floats(
                                spec, plan, rows, Runtime.getRuntime().availableProcessors()))
                + ForwardPass.floatsOfPrediction(spec, rows)
                + (plan.frontScale() == 0 ? 0 : FrontScale.floats(spec, MOMENTS))
                + rows * (1L + spec.outputs()); // the order of the examples, and validation predictions
        return floats * Float.BYTES;
    }

    /** Sets the threads to use; by default {@link Threads#ONE}. */
    public Trainer using(Threads threads) {
        execution.use(threads);
        return this;
    }

    /**
     * Also computes these metrics of the validation examples, in the pass that computes their loss. Metrics that the plan
     * monitors are computed anyway.
     */
    public Trainer measuring(Metric... metrics) {
        if (validation != null) {
            validation.measure(List.of(metrics));
        }
        return this;
    }

    /**
     * Says what the targets are, if it does not follow from the loss.
     *
     * @param kind decides about the metrics that can be computed
     * @param toUnit returns targets or predictions in the unit that metrics are measured in, if the targets are scaled
     */
    public Trainer withTargets(TargetKind kind, UnaryOperator<Matrix> toUnit) {
        if (validation != null) {
            validation.setTargets(kind, toUnit);
        }
        return this;
    }

    /**
     * Keeps no history for the result, which takes 50 to 200 bytes per epoch, for a training of a great many epochs or a
     * listener that records them.
     */
    public Trainer withoutHistory() {
        history = null;
        return this;
    }

    /**
     * Runs until the plan is completed, early stopping applies or the listener requests a stop.
     *
     * @throws InvalidArgumentException if a metric to compute does not fit the targets
     * @throws TrainingDivergedException if a loss, a clipped gradient or a parameter is no longer finite
     */
    public TrainingResult train(TrainingListener listener) {
        measureMonitored();
        StopSignal stopSignal = new StopSignal(() -> listener.stopRequested(this::state));
        StopReason stopReason = finished();
        while (stopReason == null) {
            stopReason = runEpoch(stopSignal, listener);
        }
        descent.writeBack();
        boolean best = bestEpoch > 0;
        if (!best) {
            requireFiniteParameters(); // not yet checked if the last epoch is incomplete
        }
        Network network = Network.of(spec, best ? bestParameters : parameters);
        return result(network, stopReason, best ? bestEpoch : step.epoch);
    }

    private TrainingResult result(Network network, StopReason stopReason, int epoch) {
        return new TrainingResult(network, stopReason, step.epoch, epoch, history == null ? List.of() : history);
    }

    private void measureMonitored() {
        if (validation != null) {
            validation.measure(
                    plan.monitored().stream().filter(metric -> !metric.isLoss()).toList());
            validation.requireFittingMetrics();
        }
    }

    /** Returns a snapshot to resume from. Call it from the listener or after {@link #train} has returned. */
    public TrainingState state() {
        descent.writeBack();
        Progress progress = new Progress(step.epoch, step.inEpoch, lossSum, bestEpoch, bestValue, plateau);
        return new TrainingState(
                progress, Vector.of(parameters), Vector.wrap(descent.state().copy()), Vector.wrap(bestParameters));
    }

    private @Nullable StopReason runEpoch(StopSignal stopSignal, TrainingListener listener) {
        int batchSize = (int) Math.min(plan.batchSize(), examples);
        int steps = ShardStep.steps(plan, examplesOfEpoch());
        long stepsOfTraining = (long) steps * plan.epochs();
        float initialRate = plan.schedule() instanceof ReduceOnPlateau reducing
                ? reducing.reduced(plan.learningRate(), plateau)
                : plan.learningRate();
        descent.beginEpoch(step.epoch);
        while (step.inEpoch < steps) {
            step.number = (long) step.epoch * steps + step.inEpoch;
            if (plan.shards() == 1) {
                step.firstRow = step.inEpoch * batchSize;
                step.rows = Math.min(batchSize, (int) examples - step.firstRow);
            }
            step.learningRate = plan.schedule().learningRate(initialRate, step.number, stepsOfTraining);
            if (!descent.take(step, stopSignal)) {
                return stopSignal.reason();
            }
            lossSum += descent.lossSum();
            requireFinite(lossSum, "the loss");
            requireFinite(descent.gradientNorm(), "the norm of the gradient");
            step.inEpoch++;
            if (step.number % stepsBetweenStopChecks == 0 && step.inEpoch < steps && stopSignal.requested()) {
                return stopSignal.reason();
            }
        }
        return endEpoch(stopSignal, listener);
    }

    private long examplesOfEpoch() {
        boolean drops = plan.dropRemainder() && plan.shards() == 1 && examples > plan.batchSize();
        return drops ? examples - examples % plan.batchSize() : examples;
    }

    private @Nullable StopReason endEpoch(StopSignal stopSignal, TrainingListener listener) {
        descent.writeBack();
        requireFiniteParameters();
        double loss = lossSum / examplesOfEpoch();
        Double validationLoss = validation == null ? null : validation.loss(stopSignal);
        if (stopSignal.reason() != null) {
            return stopSignal.reason();
        }
        if (validationLoss != null) {
            requireFinite(validationLoss, "the validation loss");
        }
        step.epoch++;
        step.inEpoch = 0;
        lossSum = 0;
        List<Metric.Score> scores = validation == null ? List.of() : validation.scores();
        EpochReport report = new EpochReport(step.epoch, plan.epochs(), loss, validationLoss, scores);
        if (plan.keepBest() != null) {
            updateBest(plan.keepBest(), report.value(plan.keepBest().monitor()));
        }
        if (plan.schedule() instanceof ReduceOnPlateau reducing) {
            plateau = reducing.after(plateau, report.value(reducing.monitor()), plan.learningRate());
        }
        if (history != null) {
            history.add(report);
        }
        listener.epochEnded(report, copy);
        StopReason finished = finished();
        return finished == null && stopSignal.requested() ? stopSignal.reason() : finished;
    }

    private @Nullable StopReason finished() {
        Integer patience = plan.keepBest() == null ? null : plan.keepBest().patience();
        if (patience != null && bestEpoch > 0 && step.epoch - bestEpoch >= patience) {
            return StopReason.EARLY_STOPPING;
        }
        return step.epoch >= plan.epochs() ? StopReason.EPOCHS : null;
    }

    private void updateBest(KeepBest keepBest, double value) {
        if (keepBest.isBetter(value, bestValue)) {
            bestEpoch = step.epoch;
            bestValue = value;
            bestParameters = parameters.clone();
        }
    }

    private void requireFiniteParameters() {
        if (!execution.kernels().allFinite(parameters, 0, parameters.length)) {
            throw diverged("a parameter");
        }
    }

    private void requireFinite(double value, String name) {
        if (!Double.isFinite(value)) {
            throw diverged(name);
        }
    }

    private TrainingDivergedException diverged(String what) {
        TrainingResult best =
                bestEpoch == 0 ? null : result(Network.of(spec, bestParameters), StopReason.DIVERGED, bestEpoch);
        return new TrainingDivergedException(step.epoch + 1, what, best);
    }
}
