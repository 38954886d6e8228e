package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.OnnxException.require;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Architecture;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Preprocessing.Standardized;
import io.backprop.tabular.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Builds a model from the expression of its predictions. */
final class ModelBuilder {

    private static final int SCALING_BYTES = 64; // of a column

    private final RequestLimits limits;
    private final List<Chain> chains;
    private final List<Layer> layers; // of the first network
    private final Layer output;
    private final @Nullable Affine targets;
    private final double temperature;
    private final boolean classifier;
    private final boolean exclusive;
    private final @Nullable List<String> names;

    /**
     * @param exclusive whether each row has one class, of which there are two if the prediction is a single probability
     * @param names of the classes; null for none
     */
    ModelBuilder(Expression predictions, boolean exclusive, @Nullable List<String> names, RequestLimits limits) {
        this.limits = limits;
        Averaged averaged = Averaged.of(predictions);
        this.chains = averaged.members().stream()
                .map(member -> Chain.of(member, limits))
                .toList();
        this.layers = chains.get(0).layers();
        this.output = layers.get(layers.size() - 1);
        this.targets = averaged.scaling();
        this.temperature = averaged.temperature();
        this.classifier = targets == null
                && (output.activation() == Activation.SOFTMAX || output.activation() == Activation.SIGMOID);
        this.exclusive = exclusive;
        this.names = names;
        require(
                classifier || !(exclusive || output.activation() == Activation.SOFTMAX),
                "the probabilities of classes must come from Softmax or Sigmoid, without a change afterwards");
        require(
                chains.stream().allMatch(this::isSimilar),
                "networks whose predictions are averaged must have the same layers and the same scaled inputs");
    }

    private boolean isSimilar(Chain chain) {
        return chain.scaling() == chains.get(0).scaling() && specs(chain).equals(specs(chains.get(0)));
    }

    private static List<LayerSpec> specs(Chain chain) {
        return chain.layers().stream()
                .map(layer -> new LayerSpec(layer.units(), layer.activation()))
                .toList();
    }

    /**
     * Builds the model.
     *
     * @param memory for the parameters
     */
    ImportedModel build(MemoryBudget memory) {
        layers.forEach(layer -> limits.requireUnits("", layer.units()));
        List<LayerSpec> specs = specs(chains.get(0));
        long count = chains.size() * NetworkSpec.countParameters(inputs(), specs);
        limits.requireParameters("", count);
        memory.acquire(count * Float.BYTES + (long) inputs() * SCALING_BYTES);
        ModelSpec spec = spec(specs.subList(0, specs.size() - 1));
        NetworkSpec network = spec.architecture().networkSpec().orElseThrow();
        Ensemble ensemble = Ensemble.of(
                chains.stream().map(chain -> network(network, chain)).toList());
        return new ImportedModel(spec, ensemble.withTemperature(temperature), warnings());
    }

    private int inputs() {
        return layers.get(0).inputs();
    }

    private static Network network(NetworkSpec spec, Chain chain) {
        float[] parameters = new float[spec.parameterCount()];
        int offset = 0;
        for (Layer layer : chain.layers()) {
            layer.copyTo(parameters, offset);
            offset += layer.parameterCount();
        }
        for (float parameter : parameters) {
            if (!Float.isFinite(parameter)) {
                throw new OnnxException("weights and biases must be finite, but one is " + parameter);
            }
        }
        return Network.of(spec, Vector.wrap(parameters));
    }

    private ModelSpec spec(List<LayerSpec> hidden) {
        Architecture described = new Architecture(
                inputs(),
                hidden,
                output.units(),
                new OutputSpec(
                        classifier ? Task.CLASSIFICATION : Task.REGRESSION, output.activation(), loss(), 0, false),
                null,
                Standardized.UNKNOWN);
        require(
                !exclusive || !described.isMultiLabel(),
                "outputs of several sigmoids do not exclude each other, but the graph predicts one class");
        if (classifier && !described.isMultiLabel()) {
            ClassEncoding classes = names == null ? described.classEncoding(output.units()) : new ClassEncoding(names);
            described = new Architecture(
                    inputs(), hidden, output.units(), described.outputLayer(), classes, Standardized.UNKNOWN);
        }
        ModelSpec.Form form = ModelSpec.Form.LAYERS;
        return new ModelSpec(form, described, null, null, form.plan())
                .withArchitecture(described.withPreprocessing(preprocessing()))
                .withEnsemble(new EnsembleSpec(chains.size(), EnsembleSpec.By.SEED), false);
    }

    private Loss loss() {
        if (!classifier) {
            return new Loss.MeanSquaredError();
        }
        return output.activation() == Activation.SOFTMAX
                ? new Loss.CategoricalCrossentropy()
                : new Loss.BinaryCrossentropy();
    }

    private Preprocessing preprocessing() {
        Affine inputs = chains.get(0).scaling();
        if (inputs == null && targets == null) {
            return Preprocessing.NONE;
        }
        return new Standardized(
                scaling(inputs(), column -> inputs == null ? new ColumnScaling(0, 1) : applied(inputs, column)),
                targets == null ? Scaling.NONE : scaling(output.units(), column -> inverted(targets, column)));
    }

    private static Scaling scaling(int columns, IntFunction<ColumnScaling> scale) {
        return new Scaling(IntStream.range(0, columns).mapToObj(scale).toList());
    }

    /** {@code scale·x + shift = (x − offset) / factor}. */
    private static ColumnScaling applied(Affine affine, int column) {
        return new ColumnScaling(-affine.shift(column) / affine.scale(column), 1 / affine.scale(column));
    }

    /** {@code scale·x + shift = x·factor + offset}. */
    private static ColumnScaling inverted(Affine affine, int column) {
        return new ColumnScaling(affine.shift(column), affine.scale(column));
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        String activation = output.activation().name().toLowerCase(Locale.ROOT);
        warnings.add(
                "a file does not say how its network was trained; further training takes adam and the loss %s, which"
                                .formatted(loss().name())
                        + " fits the output activation %s".formatted(activation));
        if (!classifier && output.activation() == Activation.LINEAR && output.units() > 1) {
            warnings.add("the outputs are taken as numbers; if they are logits of classes, end the graph with Softmax");
        }
        List<Layer> all =
                chains.stream().flatMap(chain -> chain.layers().stream()).toList();
        if (all.stream().anyMatch(Layer::isFolded)) {
            warnings.add("operators between layers, such as BatchNormalization, became a part of weights and biases");
        }
        if (all.stream().anyMatch(Layer::isDouble)) {
            warnings.add("weights and biases of double precision were rounded to float");
        }
        return warnings;
    }
}
