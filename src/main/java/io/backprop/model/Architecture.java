package io.backprop.model;

import io.backprop.engine.Activation;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LayerParameters;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Feature;
import io.backprop.tabular.NumberSummary;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.Targets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a network and the encoding of its data, as far as they are known. What is null is determined by the first
 * training data.
 *
 * @param classes names of the classes
 * @param preprocessing how features and targets are encoded for the network
 */
public record Architecture(
        @Nullable Integer inputs,
        List<LayerSpec> hidden,
        @Nullable Integer outputs,
        OutputSpec outputLayer,
        @Nullable ClassEncoding classes,
        Preprocessing preprocessing) {

    private static final int BYTES_PER_STRING = 56; // plus its characters

    public Architecture {
        hidden = List.copyOf(hidden);
        if (classes != null) {
            if (outputs != null && !classes.fits(outputs)) {
                throw new InvalidInputException(
                        "classes",
                        "%d classes do not fit %d outputs"
                                .formatted(classes.names().size(), outputs));
            }
            if (outputLayer.task() == Task.REGRESSION) {
                throw new InvalidInputException("classes", "classes are for a classification, but task is regression");
            }
            outputLayer = outputLayer.forTargets(true);
            if (outputs == null) { // with softmax, two classes have two outputs rather than one
                boolean softmax = outputLayer.activation(classes.outputs()) == Activation.SOFTMAX;
                outputs = softmax ? classes.names().size() : classes.outputs();
            }
        }
        if (outputs != null && outputs == 1 && outputLayer.activation(outputs) == Activation.SOFTMAX) {
            throw new InvalidInputException(
                    "outputs", "softmax needs at least 2 outputs, but there is 1; use sigmoid for one output");
        }
        requireFit(preprocessing, inputs, outputs, outputLayer.task(), classes);
        for (int layer = 0; layer < hidden.size(); layer++) {
            requireForHidden(
                    "/hidden/%d/activation".formatted(layer), hidden.get(layer).activation());
        }
    }

    /** Rejects a preprocessing of other inputs or outputs than those of the network. */
    private static void requireFit(
            Preprocessing preprocessing,
            @Nullable Integer inputs,
            @Nullable Integer outputs,
            @Nullable Task task,
            @Nullable ClassEncoding classes) {
        if (preprocessing instanceof Preprocessing.Columns table) {
            requireWidth("features", inputs, table.width());
            boolean isClass = task == Task.CLASSIFICATION;
            InvalidInputException.require(
                    "preprocessing",
                    outputs == null || (isClass ? classes != null : outputs == 1),
                    "a table must have a target of one number or of named classes, but outputs are " + outputs);
            InvalidInputException.require(
                    "preprocessing", !isClass || !table.unit().isDate(), "classes must not be dates");
        }
        if (preprocessing instanceof Preprocessing.Standardized standardized && standardized.isKnown()) {
            requireWidth("inputs", inputs, standardized.inputs().columns().size());
        }
        if (!preprocessing.targets().isNone()) {
            requireWidth("targets", outputs, preprocessing.targets().columns().size());
        }
    }

    private static void requireWidth(String name, @Nullable Integer width, int scaled) {
        InvalidInputException.require(
                "preprocessing",
                width == null || width == scaled,
                "preprocessing must be of as many %s as the network has, %s, but is of %d"
                        .formatted(name, width, scaled));
    }

    /** Rejects an activation that is only for the output layer. */
    public static void requireForHidden(String field, Activation activation) {
        InvalidInputException.require(
                field,
                !activation.isOutputOnly(),
                "%s is for the output layer, not for a hidden one"
                        .formatted(activation.name().toLowerCase(Locale.ROOT)));
    }

    /** The description of the network; empty while a width or the output layer is unknown. */
    public Optional<NetworkSpec> networkSpec() {
        Integer width = inputs;
        return width == null
                ? Optional.empty()
                : output().map(output -> {
                    List<LayerSpec> layers = new ArrayList<>(hidden);
                    layers.add(output);
                    return new NetworkSpec(width, layers, outputLayer.loss(output.units()));
                });
    }

    /** The loss; empty while it is unknown. */
    public Optional<Loss> loss() {
        return output().map(output -> outputLayer.loss(output.units()))
                .or(() -> Optional.ofNullable(outputLayer.fixedLoss()));
    }

    /** The output layer; empty while it is unknown. */
    public Optional<LayerSpec> output() {
        return outputs != null && outputLayer.isKnown()
                ? Optional.of(new LayerSpec(outputs, outputLayer.activation(outputs)))
                : Optional.empty();
    }

    /** The names of the classes; without names their indexes, for the given number of outputs. */
    public ClassEncoding classEncoding(int outputs) {
        return classes != null
                ? classes
                : new ClassEncoding(IntStream.range(0, Math.max(2, outputs))
                        .mapToObj(String::valueOf)
                        .toList());
    }

    /**
     * This architecture with a task, as if it had been given at the creation of the model.
     *
     * @throws InvalidInputException if it has another task
     */
    public Architecture withTask(Task task) {
        return withOutputLayer(outputLayer.withTask(task));
    }

    public Architecture withOutputLayer(OutputSpec output) {
        return new Architecture(inputs, hidden, outputs, output, classes, preprocessing);
    }

    /** Completes this architecture from the width of the inputs and the targets. */
    public Architecture fit(int inputsWidth, Targets targets) {
        requireWidth("inputs", inputsWidth, inputs, "takes");
        Architecture fitted = fitTargets("targets", targets);
        return fitted.withInputs(inputsWidth, preprocessing);
    }

    /** The targets as names of classes if they are class codes and this is a classification. */
    public Targets decodeClasses(Targets targets) {
        return outputLayer.task() == Task.CLASSIFICATION && targets instanceof Targets.Numbers numbers
                ? numbers.codes().<Targets>map(Function.identity()).orElse(targets)
                : targets;
    }

    /**
     * Completes this architecture from the targets.
     *
     * @param field the argument that contains the targets, for messages
     */
    public Architecture fitTargets(String field, Targets targets) {
        try {
            return decodeClasses(targets) instanceof Targets.Labels column
                    ? fitLabels(field, column)
                    : fitNumbers(field, ((Targets.Numbers) targets).values());
        } catch (InvalidInputException e) { // the only new information comes from the targets
            throw new InvalidInputException(field, String.valueOf(e.getMessage()));
        }
    }

    /** Classes that exclude each other are named after the outputs. */
    private Architecture fitNumbers(String field, Matrix values) {
        int width = values.columns();
        requireWidth(field, width, outputs, "has outputs for");
        OutputSpec output = outputLayer.forTargets(false);
        boolean exclusive = output.task() == Task.CLASSIFICATION
                && (width == 1 || output.activation(width) == Activation.SOFTMAX || isOneHot(values))
                && !output.isMultiLabel(width);
        return new Architecture(
                inputs, hidden, width, output, exclusive ? classEncoding(width) : classes, preprocessing);
    }

    /** Whether all numbers are 0 or 1, and exactly one of several in each row is 1. */
    static boolean isOneHot(Matrix targets) {
        for (int row = 0; row < targets.rows(); row++) {
            int ones = 0;
            for (int column = 0; column < targets.columns(); column++) {
                float value = targets.get(row, column);
                if (value != 0 && value != 1) {
                    return false;
                }
                ones += (int) value;
            }
            if (targets.columns() > 1 && ones != 1) {
                return false;
            }
        }
        return true;
    }

    /** Whether each row has exactly one class. */
    public boolean hasExclusiveClasses() {
        return outputLayer.task() == Task.CLASSIFICATION && !isMultiLabel();
    }

    /** Whether a row may have several labels, of which each output predicts one. */
    public boolean isMultiLabel() {
        return outputs != null && outputLayer.isKnown() && outputLayer.isMultiLabel(outputs);
    }

    private Architecture fitLabels(String field, Targets.Labels column) {
        if (outputLayer.isForNumbers()) {
            throw new InvalidInputException(
                    field,
                    "%s of a regression must be numbers, but are text such as \"%s\""
                            .formatted(field, column.names().get(0)));
        }
        ClassEncoding encoding = classes == null ? classesOf(field, column) : classes;
        Architecture fitted =
                new Architecture(inputs, hidden, outputs, outputLayer.forTargets(true), encoding, preprocessing);
        if (fitted.isMultiLabel()) {
            throw new InvalidInputException(
                    field,
                    "%s of several sigmoid outputs with binary_crossentropy must be rows of numbers, one for each class, because a row may have several classes; for one class per row, leave out loss and outputActivation"
                            .formatted(field));
        }
        return fitted;
    }

    /** Whether outputs are, or may become, probabilities that a cross-entropy compares with the targets. */
    boolean mayHaveProbabilities() {
        return outputLayer.task() != Task.REGRESSION
                && loss().map(Loss::isCrossentropy).orElse(true);
    }

    /** Whether the targets of a classification may be smoothed, as far as the output layer is known. */
    boolean maySmoothLabels() {
        return outputLayer.expectedTask() == Task.CLASSIFICATION
                && mayHaveProbabilities()
                && outputLayer.mayBeProbabilities();
    }

    Architecture withLabelSmoothing(float labelSmoothing) {
        return withOutputLayer(outputLayer.withLabelSmoothing(labelSmoothing));
    }

    /** Whether outputs are probabilities that a cross-entropy compares with the targets. */
    public boolean hasProbabilities() {
        return loss().map(Loss::isCrossentropy).orElse(false);
    }

    /** This architecture with the columns of a table as inputs. */
    public Architecture withFeatures(Preprocessing.Columns columns) {
        if (inputs != null && inputs != columns.width()) {
            throw new InvalidInputException(
                    "rows",
                    "the columns of the table become %d inputs, but the model takes %d"
                            .formatted(columns.width(), inputs));
        }
        return withInputs(columns.width(), columns);
    }

    private Architecture withInputs(int inputsWidth, Preprocessing found) {
        return new Architecture(inputsWidth, hidden, outputs, outputLayer, classes, found);
    }

    /**
     * Completes this architecture from the shapes of parameters; without a task it becomes a regression. Numbers whose scale
     * is not known yet are not scaled.
     *
     * @param pointer to the network that has them, for messages
     */
    Architecture fitParameters(List<LayerParameters> parameters, String pointer) {
        requireLayers(parameters, pointer);
        int inputsWidth = parameters.get(0).weights().columns();
        int outputsWidth = parameters.get(hidden.size()).weights().rows();
        return new Architecture(
                inputs == null ? inputsWidth : inputs,
                hidden,
                outputs == null ? outputsWidth : outputs,
                outputLayer.isKnown() ? outputLayer : outputLayer.forTargets(false),
                classes,
                preprocessing.equals(Preprocessing.Standardized.UNKNOWN) ? Preprocessing.NONE : preprocessing);
    }

    private void requireLayers(List<LayerParameters> parameters, String pointer) {
        if (parameters.size() != hidden.size() + 1) {
            throw new InvalidInputException(
                    pointer + "/layers",
                    "layers must have %d entries, one for each layer of the model, but has %d"
                            .formatted(hidden.size() + 1, parameters.size()));
        }
    }

    /** The scaling of numeric targets to the range of the output activation, or for the Poisson loss to a mean of 1. */
    public Scaling targetScaling(Matrix targets) {
        return outputLayer.task() == Task.CLASSIFICATION
                ? Scaling.NONE
                : targetScaling(NumberSummary.ofColumns(targets));
    }

    /**
     * As {@link #targetScaling(Matrix)} of a regression.
     *
     * @param targets statistics of each output's targets for training
     */
    public Scaling targetScaling(List<NumberSummary> targets) {
        if (outputLayer.loss(targets.size()) instanceof Loss.Poisson) {
            return Scaling.unitMean(targets);
        }
        if (outputLayer.activation(targets.size()) == Activation.LINEAR) {
            return Scaling.standard(targets);
        }
        Scaling scaling = Scaling.unitRange(targets);
        return scaling.isIdentity() ? Scaling.NONE : scaling;
    }

    /**
     * The network with the given parameters; rejects the first layer whose shapes do not fit.
     *
     * @param pointer to the network, for messages
     */
    Network network(List<LayerParameters> parameters, String pointer) {
        requireLayers(parameters, pointer);
        NetworkSpec spec = networkSpec().orElseThrow();
        for (int layer = 0; layer < parameters.size(); layer++) {
            try {
                parameters
                        .get(layer)
                        .requireShape(layer, spec.layers().get(layer).units(), spec.inputsOf(layer));
            } catch (InvalidArgumentException e) {
                throw new InvalidInputException(pointer + "/layers/" + layer, e);
            }
        }
        return Network.of(spec, parameters);
    }

    Architecture withHidden(List<LayerSpec> layers) {
        return new Architecture(inputs, layers, outputs, outputLayer, classes, preprocessing);
    }

    public Architecture withPreprocessing(Preprocessing found) {
        return new Architecture(inputs, hidden, outputs, outputLayer, classes, found);
    }

    /** The number of parameters; an unknown width counts as 1. */
    long countParameters() {
        List<LayerSpec> layers = new ArrayList<>(hidden);
        layers.add(new LayerSpec(outputs == null ? 1 : outputs, Activation.LINEAR));
        return NetworkSpec.countParameters(inputs == null ? 1 : inputs, layers);
    }

    /** The approximate memory of the names of classes, columns and categories. */
    long textBytes() {
        Stream<String> classNames = classes == null ? Stream.of() : classes.names().stream();
        Stream<String> columns = preprocessing instanceof Preprocessing.Columns table
                ? table.features().stream().flatMap(Feature::names)
                : Stream.of();
        return bytesOf(Stream.concat(classNames, columns));
    }

    /** The approximate memory of texts. */
    static long bytesOf(Stream<String> texts) {
        return texts.mapToLong(text -> BYTES_PER_STRING + Character.BYTES * (long) text.length())
                .sum();
    }

    /** The classes of the targets; the indexes of the outputs if these are given and all targets are such indexes. */
    private ClassEncoding classesOf(String field, Targets.Labels column) {
        if (outputs != null && new HashSet<>(classEncoding(outputs).names()).containsAll(column.names())) {
            return classEncoding(outputs);
        }
        try {
            return ClassEncoding.from(column.names());
        } catch (InvalidArgumentException e) {
            if (Set.copyOf(column.names()).size() >= 2) {
                throw new InvalidInputException(field, e);
            }
            throw new InvalidInputException(
                    field,
                    "%s must have at least 2 classes, but all rows are \"%s\""
                            .formatted(field, column.names().get(0)));
        }
    }

    /** Rejects rows whose width differs from the expected one, if that is known. */
    public static void requireWidth(String field, int width, @Nullable Integer expected, String verb) {
        if (expected != null && width != expected) {
            throw new InvalidInputException(
                    field, "row 0 of %s has %d numbers, but the model %s %d".formatted(field, width, verb, expected));
        }
    }
}
