package io.backprop.training;

import io.backprop.driver.Preparation;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TargetKind;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.Task;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowEncoding;
import io.backprop.tabular.RowSplit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A training of a table that drivers read. It has no data here: a driver fits the preprocessing, this service decides what
 * follows from that, and then the same or another driver trains.
 *
 * @param spec of the model, with the options of the request
 * @param architecture what is known of it before the fit, or with everything that was found
 * @param fresh whether to start with fresh parameters instead of those of the model
 * @param options of the fit
 * @param fit null until the training is prepared
 * @param examples number of examples of an epoch; 0 until the training is prepared
 * @param warnings what was done to the data that the client may not expect
 */
public record ExternalTraining(
        ModelSpec spec,
        Architecture architecture,
        boolean fresh,
        TrainingSettings settings,
        FitOptions options,
        @Nullable Fit fit,
        long examples,
        List<String> warnings) {

    public ExternalTraining {
        warnings = List.copyOf(warnings);
    }

    /**
     * What the fit has found apart from the architecture.
     *
     * @param classWeights weight of the examples of each class; empty if all are 1
     * @param split which rows are for validation; null for none
     */
    public record Fit(List<Float> classWeights, @Nullable RowSplit split) {
        public Fit {
            classWeights = List.copyOf(classWeights);
        }
    }

    /** What the training starts from. */
    TrainingStart start(Model model) {
        return new TrainingStart(model.withSettings(spec, model.description()), architecture, fresh);
    }

    /** The network that is trained. */
    public NetworkSpec network() {
        return architecture.networkSpec().orElseThrow();
    }

    /** What drivers need to train; null until the training is prepared. */
    public @Nullable Preparation preparation() {
        return fit == null ? null : preparation(fit);
    }

    Preparation requirePreparation() {
        return Objects.requireNonNull(preparation());
    }

    private Preparation preparation(Fit found) {
        Columns columns = (Columns) architecture.preprocessing();
        RowEncoding rows = new RowEncoding(
                columns, classes(), network().outputs(), found.classWeights, options.cells(), found.split);
        boolean calibrates = spec.withArchitecture(architecture).calibrate() && settings.validationExamples() > 0;
        return new Preparation(settings.plan(), rows, targetKind(), calibrates, Network.byteCount(network()));
    }

    private List<String> classes() {
        return architecture.classes() == null
                ? List.of()
                : architecture.classes().names();
    }

    /** What the targets are. */
    TargetKind targetKind() {
        return architecture.outputLayer().task() == Task.CLASSIFICATION ? TargetKind.CLASSES : TargetKind.NUMBERS;
    }
}
