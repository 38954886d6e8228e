package io.backprop.training;

import io.backprop.engine.TrainingState;
import io.backprop.model.ModelSpec;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How trainings of a kind are divided into parts that any process may do: the folds of a cross-validation, the trials of a
 * search.
 *
 * <p>No thread coordinates the parts. The process that completes one decides what comes next, in the transaction that stores
 * its result and locks the training. A decision depends only on what is stored, so that it does not matter which process
 * makes it, or when.
 */
public interface PartedTraining {

    /** The trainings that this is for. */
    Training.Kind kind();

    /**
     * Decides what comes next: when a training of this kind is added, when a part has completed its stage, and when the
     * training is to end early. A pure function.
     *
     * @param parts those that exist, by number; empty when the training is added
     * @param ending why the training is to end; null unless it is
     */
    Next next(TrainingSettings settings, List<TrainingPart> parts, @Nullable Ending ending);

    /** Why a training ends before its last stage. */
    enum Ending {
        /** It is cancelled, and what was reached is to be published. */
        KEEP,
        TIME_LIMIT
    }

    /** What comes next. */
    sealed interface Next {}

    /**
     * More parts, or further stages of parts. Those that are queued, running or completed are ignored, so that all of the
     * current stage may be named each time. They are queued in this order, no more at a time than {@link
     * SearchPlan#parallelism}.
     */
    record Parts(List<Assignment> assignments) implements Next {

        public Parts {
            assignments = List.copyOf(assignments);
        }
    }

    /** The model is trained as {@link #refit} says, which ends the training. */
    record Train() implements Next {}

    /** The training has ended. */
    record End(TrainingOutcome outcome) implements Next {}

    /**
     * A stage of a part.
     *
     * @param number of the part, from 0
     * @param stage from 0; a part begins with its first one, and each continues where the one before has ended
     * @param untilEpoch the stage ends when a network has completed so many epochs, or its training ends
     */
    record Assignment(int number, int stage, int untilEpoch) {}

    /**
     * Does a stage of a part, in the caller's thread alone.
     *
     * @param checkpoint where to continue; null to start from the beginning
     * @param run the listener of the trainings of networks, which stops them
     */
    StageEnd run(PreparedTraining training, Assignment assignment, @Nullable Checkpoint checkpoint, PartRun run);

    /**
     * The end of a stage.
     *
     * @param result null if the run was stopped before, see {@link PartRun#isStopped}
     * @param completed the networks of an ensemble that are trained
     * @param state of the training of the next network; null if no later stage can follow
     */
    record StageEnd(
            @Nullable PartResult result,
            List<TrainedNetwork> completed,
            @Nullable TrainingState state) {

        public StageEnd {
            completed = List.copyOf(completed);
        }
    }

    /** The training of the model that follows the parts of a training, see {@link Train}. A pure function. */
    default Refit refit(PreparedTraining training, List<TrainingPart> parts) {
        throw new UnsupportedOperationException("a training of kind %s publishes nothing".formatted(kind()));
    }

    /**
     * The training of the model that follows the parts.
     *
     * @param prepared the training, whose model may have other settings
     * @param untilEpoch after which epoch the training ends, although its schedule is for all epochs; null for the last one
     * @param measured has the metrics and the temperature of the published version; null if its own validation rows or folds
     *     give them
     * @param settings changes the settings of the model, which are published with the parameters
     */
    record Refit(
            PreparedTraining prepared,
            @Nullable Integer untilEpoch,
            @Nullable PartResult measured,
            UnaryOperator<ModelSpec> settings) {

        /** The training of a model whose settings remain. */
        static Refit of(PreparedTraining prepared) {
            return new Refit(prepared, null, null, UnaryOperator.identity());
        }
    }
}
