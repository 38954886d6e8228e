package io.backprop.training;

import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.Matrix;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Split;
import io.backprop.engine.TrainingData;
import io.backprop.engine.Vector;
import io.backprop.model.Architecture;
import io.backprop.model.ExampleEncoder;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Standardized;
import io.backprop.tabular.RowContent;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.Targets;
import io.backprop.tabular.ValidationShare;
import io.backprop.training.TrainingCommand.Held;
import io.backprop.training.TrainingCommand.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of numbers with their targets; they are standardized if the model asks for it. */
public final class MatrixSource extends ExampleSource {

    private static final String INPUTS = "inputs";
    private static final String TARGETS = "targets";

    private final Matrix inputs;
    private final Targets targets;
    private final @Nullable Vector sampleWeights;

    public MatrixSource(Matrix inputs, Targets targets, @Nullable Vector sampleWeights) {
        this.inputs = inputs;
        this.targets = targets;
        this.sampleWeights = sampleWeights;
    }

    @Override
    String field() {
        return INPUTS;
    }

    @Override
    Fitted fit(Model model, TrainingCommand command, Consumer<Size> limits) {
        boolean codes =
                targets instanceof Targets.Numbers numbers && numbers.codes().isPresent();
        Architecture described = codes ? command.knownForCodes(model) : command.known(model);
        if (described.preprocessing() instanceof Preprocessing.Columns columns) {
            throw new InvalidInputException(
                    INPUTS,
                    "the model learns from the rows of a table with a column \"%s\"; send rows and target instead of inputs and targets, or set reset to start fresh"
                            .formatted(columns.target()));
        }
        Targets decoded = described.decodeClasses(targets);
        Architecture architecture = described.fit(inputs.columns(), decoded);
        List<String> warnings = new ArrayList<>();
        if (described.outputLayer().isOpen()) {
            warningOfCodes(decoded, "targets are", "task: classification").ifPresent(warnings::add);
        }
        NetworkSpec spec = architecture.networkSpec().orElseThrow();
        int copies = architecture.preprocessing() instanceof Standardized ? 2 : 1; // divided, then scaled
        RowUse use = RowUse.of(model, command, inputs.rows(), inputs.rows());
        long newCells = (long) inputs.rows() * (spec.inputs() + spec.outputs()) * copies;
        limits.accept(new Size(INPUTS, TARGETS, architecture, use, inputs.rows(), 0, newCells));
        TrainingData data = split(model, architecture, decoded, command, use, warnings);
        if (!(architecture.preprocessing() instanceof Standardized known) || command.folds() > 0) {
            return new Fitted(architecture, use, data, warnings);
        }
        Examples training = data.training();
        Examples validation = data.validation();
        Standardized scales = known.isKnown()
                ? known
                : new Standardized(
                        Scaling.of(training.inputs(), model.spec().scaling()),
                        architecture.targetScaling(training.targets()));
        if (data.folds() != null
                || data.heldOut() != null) { // each network scales the rows of the other folds on its own
            return new Fitted(architecture.withPreprocessing(scales), use, data, warnings);
        }
        TrainingData scaled =
                new TrainingData(scales.apply(training), validation == null ? null : scales.apply(validation));
        return new Fitted(architecture.withPreprocessing(scales), use, scaled, warnings);
    }

    private TrainingData split(
            Model model,
            Architecture architecture,
            Targets decoded,
            TrainingCommand command,
            RowUse use,
            List<String> warnings) {
        Examples examples = new ExampleEncoder(architecture, INPUTS, TARGETS).encode(inputs, decoded);
        Matrix encoded = examples.targets();
        ClassWeights classWeights = command.classWeights();
        Optional<Split> split = Optional.empty();
        if (use.validation() instanceof Share share && isSplitByContent(model, command, use)) {
            split = splitByContent(examples, share, model, command, warnings);
        } else if (use.validation() instanceof Share share && (use.folds() == 0 || use.holdsOut())) {
            split = share.split(classes(architecture, encoded), splitSeed(model, command));
        }
        if (use.holdsOut()) {
            Folds folds = use.folds() == 0 ? null : folds(model, architecture, use, encoded);
            return new TrainingData(weighted(examples, sampleWeights), null, folds).withHeldOut(split.orElseThrow());
        }
        if (split.isPresent()) {
            int[] rows = split.get().training();
            Examples training =
                    weighted(examples, ExampleWeights.of(architecture, encoded, rows, sampleWeights, classWeights));
            Examples validation = weighted(examples, sampleWeights); // class weights are for training only
            return new TrainingData(
                    training.select(rows), validation.select(split.get().validation()));
        }
        int[] rows = IntStream.range(0, inputs.rows()).toArray();
        Examples training =
                weighted(examples, ExampleWeights.of(architecture, encoded, rows, sampleWeights, classWeights));
        if (use.validation() instanceof Held held) {
            ExampleEncoder encoder = new ExampleEncoder(architecture, "validationInputs", "validationTargets");
            return new TrainingData(training, encoder.encode(held.inputs(), held.targets()));
        }
        return use.folds() == 0
                ? TrainingData.of(training)
                : new TrainingData( // each fold is weighted on its own
                        weighted(examples, sampleWeights), null, folds(model, architecture, use, encoded));
    }

    private static Optional<Split> splitByContent(
            Examples examples, Share share, Model model, TrainingCommand command, List<String> warnings) {
        ValidationShare chosen = byContent(command, share);
        chosen.warning(examples.size()).ifPresent(warnings::add);
        double value = chosen.of(examples.size());
        long seed = splitSeed(model, command);
        RowContent content = new RowContent();
        Split split = Split.of(examples.size(), row -> {
            add(examples.inputs(), row, content);
            add(examples.targets(), row, content);
            return content.isForValidation(value, seed);
        });
        return Optional.ofNullable(requireRows(split, share));
    }

    private static void add(Matrix matrix, int row, RowContent content) {
        for (int column = 0; column < matrix.columns(); column++) {
            content.addNumber(matrix.get(row, column));
        }
    }

    private static Folds folds(Model model, Architecture architecture, RowUse use, Matrix targets) {
        int[] classes = classes(architecture, targets);
        long seed = foldSeed(model);
        return monitored(Folds.stratified(classes, use.folds(), seed), use, classes, null, seed);
    }

    private static Examples weighted(Examples examples, @Nullable Vector weights) {
        return weights == null ? examples : examples.withWeights(weights);
    }
}
