package io.backprop.training;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Split;
import io.backprop.engine.TrainingData;
import io.backprop.engine.Vector;
import io.backprop.model.Architecture;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.Task;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Standardized;
import io.backprop.tabular.Scaling;
import io.backprop.training.TrainingCommand.Held;
import io.backprop.training.TrainingCommand.Share;
import io.backprop.training.TrainingSource.Matrices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of numbers, which are scaled if the model wants it so. */
final class MatrixSource implements ExampleSource {

    private final Architecture architecture;
    private final Matrices source;
    private final TrainingCommand command;
    private final long seed;

    MatrixSource(Model model, TrainingCommand command, Matrices source) {
        Architecture known = command.known(model);
        if (known.preprocessing() instanceof Preprocessing.Columns columns) {
            throw new InvalidInputException(
                    "inputs",
                    "the model learns from the rows of a table with a column \"%s\"; send rows and target instead of inputs and targets, or with reset begin anew"
                            .formatted(columns.target()));
        }
        this.architecture = known.fit(source.inputs().columns(), source.targets());
        this.source = source;
        this.command = command;
        this.seed = model.spec().plan().seed();
    }

    @Override
    public String inputsField() {
        return "inputs";
    }

    @Override
    public String targetsField() {
        return "targets";
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public int rows() {
        return source.inputs().rows();
    }

    @Override
    public int categories() {
        return 0;
    }

    @Override
    public long numbersToMake() {
        NetworkSpec spec = architecture.networkSpec().orElseThrow();
        return (long) rows() * (spec.inputs() + spec.outputs());
    }

    @Override
    public Fitted fit() {
        TrainingData data = data();
        if (!(architecture.preprocessing() instanceof Standardized known) || command.folds() > 0) {
            return new Fitted(architecture, data, List.of());
        }
        Standardized scales = known.isKnown() ? known : scales(data.training());
        Examples validation = data.validation();
        return new Fitted(
                architecture.withPreprocessing(scales),
                new TrainingData(scales.apply(data.training()), validation == null ? null : scales.apply(validation)),
                List.of());
    }

    private Standardized scales(Examples training) {
        return new Standardized(Scaling.standard(training.inputs()), architecture.targetScaling(training.targets()));
    }

    private TrainingData data() {
        Examples examples = new ExampleEncoder(architecture, inputsField(), targetsField())
                .encode(source.inputs(), source.targets());
        ExampleWeights weights = new ExampleWeights(architecture, source.sampleWeights(), command.classWeights());
        Examples training = weighted(examples, weights.of(examples.targets()));
        if (command.validation() instanceof Share share) {
            Split split = share.split(rows(), classes(examples.targets()), seed);
            Examples checked = weighted(examples, source.sampleWeights()); // by each class as often as it occurs
            return new TrainingData(training.select(split.training()), checked.select(split.validation()));
        }
        if (command.validation() instanceof Held held) {
            ExampleEncoder encoder = new ExampleEncoder(architecture, "validationInputs", "validationTargets");
            return new TrainingData(training, encoder.encode(held.inputs(), held.targets()));
        }
        return TrainingData.of(training);
    }

    private static Examples weighted(Examples examples, @Nullable Vector weights) {
        return weights == null ? examples : examples.withWeights(weights);
    }

    private int @Nullable [] classes(Matrix targets) {
        return architecture.outputLayer().task() == Task.CLASSIFICATION
                ? ClassificationMetrics.classesOf(targets)
                : null;
    }
}
