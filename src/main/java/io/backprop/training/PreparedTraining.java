package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TargetKind;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Architecture;
import io.backprop.model.Metrics;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import java.util.List;

/**
 * A training that has passed all checks.
 *
 * @param model the model when the training was started
 * @param fresh whether to start with fresh parameters instead of those of the model
 * @param warnings what was done to the data that the client may not expect
 */
public record PreparedTraining(
        Model model,
        Architecture architecture,
        boolean fresh,
        TrainingSettings settings,
        TrainingData data,
        List<String> warnings) {

    private static final int EXTRA_CELLS = 2; // of each example: its weight, and the score that a metric may keep
    private static final int COPIES_OF_FOLD = 2; // its examples and the others, the same scaled
    private static final long MEMORY_SIDE_BY_SIDE = 32 << 20; // of all networks that are trained beside another one

    public TrainingPlan plan() {
        return settings.plan();
    }

    /** Number of folds of a cross-validation, which publishes nothing; 0 for a training. */
    public int folds() {
        return settings.folds();
    }

    /** What the targets that a training monitors are. */
    public TargetKind targetKind() {
        Examples monitored = data.validation() == null ? data.training() : data.validation();
        return Metrics.targetKind(architecture, monitored.targets());
    }

    /** Whether each network is validated on another fold. */
    boolean isByFold() {
        return folds() == 0 && data.folds() != null;
    }

    /** Whether probabilities get a temperature. */
    boolean calibrates() {
        return model.spec().withArchitecture(architecture).calibrate();
    }

    /** The number of networks that are trained. */
    int networks() {
        return Math.max(1, folds()) * model.spec().ensemble().size();
    }

    /** The number of epochs of all networks together. */
    public int epochs() {
        SearchPlan search = settings.search();
        return search == null ? plan().epochs() * networks() : search.epochs();
    }

    /** Bytes of memory that are in use while the training runs. */
    public long bytes() {
        SearchPlan search = settings.search();
        return search == null ? ownBytes() : search.bytes(this);
    }

    private long ownBytes() {
        NetworkSpec spec = architecture.networkSpec().orElseThrow();
        int networks = model.spec().ensemble().size();
        long completed = networks == 1
                ? 0
                : (long) networks * spec.parameterCount()
                        + (long) data.training().size() * spec.outputs();
        int atATime = folds() == 0 ? networksAtATime() : 1;
        return (cells() + completed) * Float.BYTES + atATime * bytesOfNetwork() + History.bytes(epochs());
    }

    /**
     * The number of networks of an ensemble that may be trained at a time, each of which takes memory. It is the same in every
     * process.
     */
    int networksAtATime() {
        long others = MEMORY_SIDE_BY_SIDE / bytesOfNetwork();
        return (int) Math.min(model.spec().ensemble().size(), 1 + others);
    }

    private long bytesOfNetwork() {
        long copies = data.folds() == null && data.heldOut() == null ? 0 : COPIES_OF_FOLD;
        return copies * cells() * Float.BYTES
                + Trainer.memory(architecture.networkSpec().orElseThrow(), plan(), rows());
    }

    /** Numbers in the examples. */
    private long cells() {
        NetworkSpec spec = architecture.networkSpec().orElseThrow();
        return (long) rows() * (spec.inputs() + spec.outputs() + EXTRA_CELLS);
    }

    private int rows() {
        Examples validation = data.validation();
        return data.training().size() + (validation == null ? 0 : validation.size());
    }

    /** This training as one of a model with other settings. */
    public PreparedTraining with(ModelSpec spec, TrainingPlan plan) {
        Model changed = model.withSettings(spec, model.description());
        return new PreparedTraining(changed, spec.architecture(), fresh, settings.withPlan(plan), data, warnings);
    }

    /** This training with other data. */
    public PreparedTraining with(TrainingData other) {
        return new PreparedTraining(model, architecture, fresh, settings, other, warnings);
    }

    /** This training as a search. */
    public PreparedTraining withSearch(SearchPlan search) {
        return new PreparedTraining(model, architecture, fresh, settings.withSearch(search), data, warnings);
    }

    /** This training without its settings and data. */
    TrainingStart start() {
        return new TrainingStart(model, architecture, fresh);
    }
}
