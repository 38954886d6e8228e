package io.backprop.store;

import io.backprop.engine.EarlyStopping;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.training.PreparedTraining;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a training is to be done, as it is stored. Values of enumerations stand by their names in lower case.
 *
 * @param format 3, 1 had no folds, the model of 2 did not tell what was described from what was found; another one as soon as a field is added, removed, or means something else
 * @param model with all that was learned from the data
 * @param fresh whether it begins with fresh parameters, and not with the model's
 * @param epochsBefore that led to those it begins with
 * @param folds of a cross-validation; 0 for a training
 */
record TrainingDocument(
        int format,
        ModelDocument model,
        PlanDocument plan,
        int epochs,
        @Nullable Stopping earlyStopping,
        boolean fresh,
        long epochsBefore,
        Duration timeLimit,
        int folds) {

    static final int FORMAT = 3;

    record Stopping(int patience, float minDelta, String monitor) {}

    static TrainingDocument of(PreparedTraining prepared) {
        ModelSpec spec = prepared.model().spec();
        EarlyStopping stopping = prepared.plan().earlyStopping();
        return new TrainingDocument(
                FORMAT,
                ModelDocument.of(prepared.model(), spec.withArchitecture(prepared.architecture())),
                PlanDocument.of(prepared.plan()),
                prepared.plan().epochs(),
                stopping == null
                        ? null
                        : new Stopping(stopping.patience(), stopping.minDelta(), Documents.nameOf(stopping.monitor())),
                prepared.current() == null,
                prepared.epochsBefore(),
                prepared.timeLimit(),
                prepared.folds());
    }

    /**
     * The training as it was prepared.
     *
     * @param current the model as it is now, and was then
     */
    PreparedTraining toPrepared(Model current, TrainingData data) {
        return new PreparedTraining(
                current,
                model.toSpec().architecture(),
                fresh ? null : current.network(),
                epochsBefore,
                toPlan(),
                data,
                timeLimit,
                folds,
                List.of());
    }

    private TrainingPlan toPlan() {
        TrainingPlan read = plan.toPlan().withEpochs(epochs);
        return earlyStopping == null
                ? read
                : read.withEarlyStopping(new EarlyStopping(
                        earlyStopping.patience(),
                        earlyStopping.minDelta(),
                        Documents.valueOf(EarlyStopping.Monitor.class, earlyStopping.monitor())));
    }
}
