package io.backprop.engine;

import io.backprop.engine.Execution.Phase;
import io.backprop.engine.Execution.RangeTask;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Computes the activations of all layers, from the inputs to the predictions. */
final class ForwardPass {
    /*
     * A pass for training keeps the activations of every layer for the backward pass; a pass for prediction alternates
     * between two arrays before the last layer. Logits and activations share an array unless the logits are needed later.
     * Rows are independent, so the number of rows per pass affects only the memory, not the bits of the result.
     *
     * Threads divide the rows. If the parameters do not fit into the cache of a core, this would make each of them read all
     * parameters, and they divide every product instead. So they do if layers of different widths share an array, where one
     * thread would overwrite what another one still reads.
     */

    /** Number of parameters from which on threads share each product: 1 MiB. */
    static final int LARGE = 1 << 18;

    /** Rows to whose multiples the rows of a batch are divided, for whole tiles. */
    static final int EVEN_ROWS = 4;

    private static final int MAX_FLOATS = 1 << 22;

    private static final int ARRAYS_OF_TRAINING = 5; // logits, activations, gradients, masks and what dropout leaves

    static final int MAX_ROWS_OF_PREDICTION = 256;
    private static final int MAX_FLOATS_OF_PREDICTION = 1 << 18; // many may be computed at the same time

    final DenseLayer[] layers;
    final int rows; // at most, per run
    private final Execution execution;
    private final float[][] logits; // per layer rows × units
    private final float[][] activations; // per layer rows × units
    private final RangeTask[] activate; // per layer
    private final boolean divisible; // whether threads may divide the rows of a prediction
    private final Phase runPart = this::runPart;
    private float[] parameters = new float[0]; // of the current run for prediction
    private float[] inputs = new float[0];
    private int inputsOffset;
    private int count; // of rows

    /** Creates a pass that keeps the activations for a {@link BackwardPass}. */
    static ForwardPass forTraining(Execution execution, NetworkSpec spec, int rows) {
        return new ForwardPass(execution, spec, rows, true);
    }

    /** Creates a pass for at most {@code examples} rows; only a few hundred if there are more. */
    static ForwardPass forPrediction(Execution execution, NetworkSpec spec, int examples) {
        return new ForwardPass(execution, spec, rowsOfPrediction(spec, examples), false);
    }

    /** The number of floats that a training allocates for its activations, their gradients and dropout. */
    static long floatsOfTraining(NetworkSpec spec, int rows) {
        long units = spec.layers().stream().mapToLong(LayerSpec::units).sum();
        return (long) ARRAYS_OF_TRAINING * maxRows(spec, rows) * (units + spec.inputs());
    }

    /** The number of floats that a pass for prediction allocates for the given number of rows. */
    static long floatsOfPrediction(NetworkSpec spec, int examples) {
        return (long) rowsOfPrediction(spec, examples) * unitsOfPrediction(spec);
    }

    private static int rowsOfPrediction(NetworkSpec spec, int examples) {
        int wanted = Math.min(MAX_ROWS_OF_PREDICTION, examples);
        return Math.max(1, Math.min(wanted, MAX_FLOATS_OF_PREDICTION / unitsOfPrediction(spec)));
    }

    /** The widths of the two arrays between which a prediction alternates, and of those of the last layer. */
    private static int unitsOfPrediction(NetworkSpec spec) {
        return widest(spec, 0) + widest(spec, 1) + 2 * spec.outputs();
    }

    /** The width of the widest of the hidden layers {@code first}, {@code first + 2}, …; 0 if there is none. */
    private static int widest(NetworkSpec spec, int first) {
        int widest = 0;
        for (int layer = first; layer < spec.layers().size() - 1; layer += 2) {
            widest = Math.max(widest, spec.layers().get(layer).units());
        }
        return widest;
    }

    private ForwardPass(Execution execution, NetworkSpec spec, int rows, boolean training) {
        this.execution = execution;
        this.layers = DenseLayer.of(spec);
        this.rows = rows;
        this.logits = new float[layers.length][];
        this.activations = new float[layers.length][];
        this.activate = new RangeTask[layers.length];
        this.divisible = spec.parameterCount() < LARGE && sharesRows(spec);
        for (int layer = 0; layer < layers.length; layer++) {
            int units = layers[layer].units();
            boolean output = layer == layers.length - 1;
            boolean needsLogits = (output && spec.loss().usesLogits())
                    || (training && layers[layer].activation().needsLogits());
            boolean shared = !training && !output;
            logits[layer] =
                    shared && layer >= 2 ? logits[layer - 2] : new float[rows * (shared ? widest(spec, layer) : units)];
            activations[layer] = needsLogits ? new float[rows * units] : logits[layer];
            activate[layer] = activate(layer);
        }
    }

    /** Whether the layers that share an array are equally wide, so that a row has the same place in it for each. */
    private static boolean sharesRows(NetworkSpec spec) {
        List<LayerSpec> layers = spec.layers();
        return IntStream.range(2, layers.size() - 1)
                .allMatch(layer ->
                        layers.get(layer).units() == layers.get(layer - 2).units());
    }

    private RangeTask activate(int layer) {
        int units = layers[layer].units();
        return (first, rows) -> layers[layer]
                .activation()
                .apply(execution.kernels(), logits[layer], activations[layer], first * units, rows, units);
    }

    /** The number of rows, at most {@code wanted} and at least 1, that fit into a workspace of moderate size. */
    static int maxRows(NetworkSpec spec, int wanted) {
        long unitsPerRow = spec.layers().stream().mapToLong(LayerSpec::units).sum();
        return (int) Math.max(1, Math.min(wanted, MAX_FLOATS / unitsPerRow));
    }

    /** Computes predictions for rows of inputs, from {@code inputsOffset} on. */
    void run(float[] parameters, float[] inputs, int inputsOffset, int rows) {
        this.parameters = parameters;
        this.inputs = inputs;
        this.inputsOffset = inputsOffset;
        count = rows;
        if (divisible) {
            execution.runOnce(runPart, (long) rows * parameters.length, rows / EVEN_ROWS);
        } else {
            runPart(execution, 0, 1);
        }
    }

    private void runPart(Execution thread, int part, int parts) {
        int first = Execution.begin(count, EVEN_ROWS, part, parts);
        int rows = Execution.begin(count, EVEN_ROWS, part + 1, parts) - first;
        run(thread, parameters, inputs, inputsOffset, first, rows, null);
    }

    /**
     * Runs a range of the rows of a batch, independent of all other rows.
     *
     * @param parameters Not modified.
     * @param inputs of the batch, from {@code inputsOffset} on. Not modified.
     */
    void run(
            Execution execution,
            float[] parameters,
            float[] inputs,
            int inputsOffset,
            int first,
            int rows,
            @Nullable Dropout dropout) {
        float[] x = inputs;
        int xOffset = inputsOffset;
        for (int layer = 0; layer < layers.length; layer++) {
            DenseLayer dense = layers[layer];
            dense.logits(execution, parameters, x, xOffset, first, rows, logits[layer]);
            execution.overRows(first, rows, dense.units(), activate[layer]);
            x = dropout == null ? activations[layer] : dropout.apply(execution, layer, activations[layer], first, rows);
            xOffset = 0;
        }
    }

    /** The values from which the derivative of a layer's activation is computed: logits or activations. */
    float[] derivativeSource(int layer) {
        return layers[layer].activation().derivativeSource(logits[layer], activations[layer]);
    }

    float[] activations(int layer) {
        return activations[layer];
    }

    float[] predictions() {
        return activations[layers.length - 1];
    }

    /** The logits of the output layer, if its loss needs them. */
    float[] logits() {
        return logits[layers.length - 1];
    }

    /** Creates a view of the rows of the output layer. */
    OutputRow outputRow() {
        int last = layers.length - 1;
        return new OutputRow(logits[last], activations[last], layers[last].units());
    }
}
