package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * A feed-forward network of dense layers: its specification, and its parameters in one flat array.
 *
 * <p>Immutable: any number of threads may predict while a {@link Trainer} works on a copy of the parameters.
 */
public final class Network {

    private static final long PARAMETERS = 0x706172616d65L; // branch of the seed

    /** Rows of which one thread computes all layers, if there are at least two such groups; otherwise threads share layers. */
    private static final int ROWS_PER_GROUP = 16;

    private final NetworkSpec spec;
    private final float[] parameters;

    private Network(NetworkSpec spec, float[] parameters) {
        this.spec = spec;
        this.parameters = parameters;
    }

    /** Creates a network from parameters in the order defined by {@link NetworkSpec}. Not modified. */
    public static Network of(NetworkSpec spec, float[] parameters) {
        return of(spec, Vector.of(parameters));
    }

    /** Creates a network from parameters in the order defined by {@link NetworkSpec}, without copying them. */
    public static Network of(NetworkSpec spec, Vector parameters) {
        requireArgument(
                parameters.size() == spec.parameterCount(),
                "parameters must have %d values, but has %d",
                spec.parameterCount(),
                parameters.size());
        return new Network(spec, parameters.values());
    }

    /** Creates a network from the weights and biases of each layer. */
    public static Network of(NetworkSpec spec, List<LayerParameters> layers) {
        DenseLayer[] shapes = DenseLayer.of(spec);
        requireArgument(
                layers.size() == shapes.length,
                "layers must have %d elements, but has %d",
                shapes.length,
                layers.size());
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

    /** Creates a network with random parameters, drawn with the {@linkplain Initializer#defaultFor default initializers}. */
    public static Network initialize(NetworkSpec spec, long seed) {
        return initialize(spec, Initializer::defaultFor, seed);
    }

    /** Creates a network with random parameters, drawn with one initializer for all layers. */
    public static Network initialize(NetworkSpec spec, Initializer initializer, long seed) {
        return initialize(spec, activation -> initializer, seed);
    }

    private static Network initialize(NetworkSpec spec, Function<Activation, Initializer> initializers, long seed) {
        float[] parameters = new float[spec.parameterCount()];
        SplitMix64 random = new SplitMix64(SplitMix64.derive(seed, PARAMETERS));
        DenseLayer[] layers = DenseLayer.of(spec);
        for (int i = 0; i < layers.length; i++) {
            DenseLayer layer = layers[i];
            boolean output = i == layers.length - 1;
            initializers
                    .apply(layer.activation())
                    .fill(parameters, layer.weightsOffset(), layer.inputs(), layer.units(), output, random);
        }
        return new Network(spec, parameters);
    }

    /**
     * Creates a network from the bytes of {@link #toBytes}.
     *
     * @param bytes may come from an untrusted source. Not modified.
     * @throws InvalidArgumentException if they were truncated or altered, or have the format of another version
     */
    public static Network from(byte[] bytes) {
        return NetworkFormat.read(bytes);
    }

    /** A network with the same parameters and another specification of the same shape, such as with other dropout. */
    public Network with(NetworkSpec other) {
        requireArgument(
                other.widths().equals(spec.widths()),
                "the specification must have the widths %s, from inputs to outputs, but has %s",
                spec.widths(),
                other.widths());
        return new Network(other, parameters);
    }

    /** The specification of the layers and of the loss. */
    public NetworkSpec spec() {
        return spec;
    }

    /**
     * Computes predictions.
     *
     * @param inputs examples × features
     * @return examples × outputs
     */
    public Matrix predict(Matrix inputs) {
        return predict(inputs, Threads.ONE);
    }

    /** Computes predictions, as {@link #predict(Matrix)}, on several threads. */
    public Matrix predict(Matrix inputs, Threads threads) {
        spec.requireInputs(inputs);
        float[] predictions = new float[Matrix.elementCount(inputs.rows(), spec.outputs())];
        int groups = inputs.rows() / ROWS_PER_GROUP;
        Execution execution = threads.acquire();
        if (threads.count() == 1 || groups < 2) {
            predict(execution, inputs, 0, inputs.rows(), predictions);
        } else {
            Execution.Phase predictPart = (own, part, parts) -> {
                int first = Execution.begin(inputs.rows(), ROWS_PER_GROUP, part, parts);
                int end = Execution.begin(inputs.rows(), ROWS_PER_GROUP, part + 1, parts);
                predict(own, inputs, first, end, predictions);
            };
            execution.runOnce(predictPart, (long) inputs.rows() * spec.parameterCount(), groups);
        }
        threads.release(execution);
        return Matrix.wrap(inputs.rows(), spec.outputs(), predictions);
    }

    private void predict(Execution execution, Matrix inputs, int begin, int end, float[] predictions) {
        ForwardPass forward = ForwardPass.forPrediction(execution, spec, end - begin);
        int outputs = spec.outputs();
        for (int first = begin; first < end; first += forward.rows) {
            int rows = Math.min(forward.rows, end - first);
            forward.run(parameters, inputs.values(), first * spec.inputs(), rows);
            System.arraycopy(forward.predictions(), 0, predictions, first * outputs, rows * outputs);
        }
    }

    /**
     * Predicts the class of each example: the output with the largest prediction, the first one in case of a tie; of a
     * single output 1 if its prediction is above 0.5, else 0.
     *
     * @param inputs examples × features
     * @return one class per example, from 0
     * @throws InvalidArgumentException if the outputs are not probabilities, which are those of sigmoid and softmax
     */
    public int[] predictClasses(Matrix inputs) {
        Activation output = spec.outputLayer().activation();
        requireArgument(
                output == Activation.SIGMOID || output == Activation.SOFTMAX,
                "the output activation must be sigmoid or softmax to predict classes, but is %s",
                output.name().toLowerCase(Locale.ROOT));
        return ClassificationMetrics.classesOf(predict(inputs));
    }

    /** The number of bytes that {@link #predict(Matrix)} allocates for that many rows, predictions included. */
    public long memoryToPredict(int rows) {
        return ((long) rows * spec.outputs() + ForwardPass.floatsOfPrediction(spec, rows)) * Float.BYTES;
    }

    /** Creates an evaluator of this network. */
    public Evaluator evaluator() {
        return new Evaluator(new Execution(Kernels.best()), spec, parameters);
    }

    /** Copies of the weights and biases of each layer. */
    public List<LayerParameters> layers() {
        return Arrays.stream(DenseLayer.of(spec)).map(this::parametersOf).toList();
    }

    private LayerParameters parametersOf(DenseLayer layer) {
        float[] weights = new float[layer.inputs() * layer.units()];
        transpose(layer.inputs(), layer.units(), parameters, layer.weightsOffset(), weights, 0);
        float[] biases = Arrays.copyOfRange(parameters, layer.biasesOffset(), layer.biasesOffset() + layer.units());
        return new LayerParameters(Matrix.wrap(layer.units(), layer.inputs(), weights), Vector.wrap(biases));
    }

    /** A copy of the weights of one unit of a layer, one per input. */
    public Vector weights(int layer, int unit) {
        DenseLayer shape = shapeOf(layer);
        Objects.checkIndex(unit, shape.units());
        float[] weights = new float[shape.inputs()];
        for (int input = 0; input < weights.length; input++) {
            weights[input] = parameters[shape.weightsOffset() + input * shape.units() + unit];
        }
        return Vector.wrap(weights);
    }

    /** A copy of the biases of a layer. */
    public Vector biases(int layer) {
        DenseLayer shape = shapeOf(layer);
        return Vector.wrap(Arrays.copyOfRange(parameters, shape.biasesOffset(), shape.biasesOffset() + shape.units()));
    }

    private DenseLayer shapeOf(int layer) {
        return DenseLayer.of(spec)[Objects.checkIndex(layer, spec.layers().size())];
    }

    private static void transpose(int rows, int columns, float[] from, int fromOffset, float[] to, int toOffset) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[toOffset + j * rows + i] = from[fromOffset + i * columns + j];
            }
        }
    }

    /**
     * Converts this network to bytes, specification and parameters, from which {@link #from} creates the same network. They
     * have a checksum, and about 4 bytes per parameter.
     */
    public byte[] toBytes() {
        return NetworkFormat.write(spec, parameters);
    }

    /** The length of {@link #toBytes} for a network of this specification. */
    public static long byteCount(NetworkSpec spec) {
        return NetworkFormat.size(spec);
    }

    /** A copy of all parameters in the order defined by {@link NetworkSpec}. */
    public float[] parameters() {
        return parameters.clone();
    }

    /** All parameters in the order defined by {@link NetworkSpec}, without copying them. */
    public Vector parameterVector() {
        return Vector.wrap(parameters);
    }
}
