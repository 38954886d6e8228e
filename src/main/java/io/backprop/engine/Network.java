package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A feed-forward network of dense layers: what it looks like, and its parameters in one flat array.
 *
 * <p>Immutable, so that any number of threads predict from it while a {@link Trainer} makes the next one.
 */
public final class Network {

    private static final int ROWS_AT_ONCE = 256;
    private static final long PARAMETERS = 0x706172616d65L; // branch of the seed

    private final NetworkSpec spec;
    private final float[] parameters;

    private Network(NetworkSpec spec, float[] parameters) {
        this.spec = spec;
        this.parameters = parameters;
    }

    /** A network over a copy of the given parameters, in the order that {@link NetworkSpec} tells. */
    public static Network of(NetworkSpec spec, float[] parameters) {
        requireArgument(
                parameters.length == spec.parameterCount(),
                "parameters must have %d numbers, but has %d",
                spec.parameterCount(),
                parameters.length);
        return new Network(spec, parameters.clone());
    }

    /** A network of the given weights and biases, one pair for each layer. */
    public static Network of(NetworkSpec spec, List<LayerParameters> layers) {
        DenseLayer[] shapes = DenseLayer.of(spec);
        requireArgument(layers.size() == shapes.length, "layers must be %d, but are %d", shapes.length, layers.size());
        float[] parameters = new float[spec.parameterCount()];
        for (int i = 0; i < shapes.length; i++) {
            DenseLayer shape = shapes[i];
            layers.get(i).requireShape(i, shape.units(), shape.inputs());
            float[] weights = layers.get(i).weights().values();
            transpose(shape.units(), shape.inputs(), weights, 0, parameters, shape.weightsOffset());
            System.arraycopy(layers.get(i).biases().values(), 0, parameters, shape.biasesOffset(), shape.units());
        }
        return new Network(spec, parameters);
    }

    /** A network with parameters drawn from the seed as is customary before each layer's activation. */
    public static Network initialize(NetworkSpec spec, long seed) {
        return initialize(spec, Initializer::defaultFor, seed);
    }

    /** A network with parameters drawn from the seed by one initializer in all layers. */
    public static Network initialize(NetworkSpec spec, Initializer initializer, long seed) {
        return initialize(spec, activation -> initializer, seed);
    }

    private static Network initialize(NetworkSpec spec, Function<Activation, Initializer> initializers, long seed) {
        float[] parameters = new float[spec.parameterCount()];
        SplitMix64 random = new SplitMix64(SplitMix64.derive(seed, PARAMETERS));
        for (DenseLayer layer : DenseLayer.of(spec)) {
            initializers
                    .apply(layer.activation())
                    .fill(parameters, layer.weightsOffset(), layer.inputs(), layer.units(), random);
        }
        return new Network(spec, parameters);
    }

    public NetworkSpec spec() {
        return spec;
    }

    /**
     * Predictions for rows of inputs.
     *
     * @param inputs examples × features
     * @return examples × outputs
     */
    public Matrix predict(Matrix inputs) {
        requireArgument(
                inputs.columns() == spec.inputs(),
                "rows of inputs have %d numbers, but the model takes %d",
                inputs.columns(),
                spec.inputs());
        int rowsAtOnce = ForwardPass.rowsAtOnce(spec, Math.min(ROWS_AT_ONCE, Math.max(1, inputs.rows())));
        ForwardPass forward = ForwardPass.forPrediction(new Execution(Kernels.best()), spec, rowsAtOnce);
        int outputs = spec.outputs();
        float[] predictions = new float[Matrix.elementCount(inputs.rows(), outputs)];
        for (int first = 0; first < inputs.rows(); first += rowsAtOnce) {
            int rows = Math.min(rowsAtOnce, inputs.rows() - first);
            forward.run(parameters, inputs.values(), first * spec.inputs(), rows);
            System.arraycopy(forward.predictions(), 0, predictions, first * outputs, rows * outputs);
        }
        return Matrix.wrap(inputs.rows(), outputs, predictions);
    }

    /** Compares predictions of this network with targets. */
    public Evaluator evaluator() {
        return new Evaluator(spec, parameters);
    }

    /** Weights and biases of each layer. */
    public List<LayerParameters> layers() {
        return Arrays.stream(DenseLayer.of(spec)).map(this::parametersOf).toList();
    }

    private LayerParameters parametersOf(DenseLayer layer) {
        float[] weights = new float[layer.inputs() * layer.units()];
        transpose(layer.inputs(), layer.units(), parameters, layer.weightsOffset(), weights, 0);
        float[] biases = Arrays.copyOfRange(parameters, layer.biasesOffset(), layer.biasesOffset() + layer.units());
        return new LayerParameters(Matrix.wrap(layer.units(), layer.inputs(), weights), Vector.wrap(biases));
    }

    private static void transpose(int rows, int columns, float[] from, int fromOffset, float[] to, int toOffset) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[toOffset + j * rows + i] = from[fromOffset + i * columns + j];
            }
        }
    }

    /** A copy of all parameters, in the order that {@link NetworkSpec} tells. */
    public float[] parameters() {
        return parameters.clone();
    }
}
