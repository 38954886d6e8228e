package io.backprop.engine;

import io.backprop.engine.Execution.RowsTask;
import java.util.Arrays;

/** The order in which an epoch takes the examples, and the rows of its batches. */
final class BatchSampler {
    /*
     * Without shuffling, and for single examples, rows are used where they stand; only shuffled batches are gathered.
     */

    private static final long SHUFFLE = 0x73687566666c65L; // branch of the seed

    private final Execution execution;
    private final Examples examples;
    private final long seed;
    private final int[] order; // empty without shuffling
    private final float[] inputs; // rows × features, gathered
    private final float[] targets; // rows × outputs, gathered
    private final float[] weights; // rows, gathered
    private final Batch batch = new Batch();
    private final RowsTask gather = this::gather;
    private int firstPlace;

    BatchSampler(Execution execution, Examples examples, boolean shuffle, int rows, long seed) {
        this.execution = execution;
        this.examples = examples;
        this.seed = SplitMix64.derive(seed, SHUFFLE);
        this.order = new int[shuffle ? examples.size() : 0];
        int gathered = shuffle && rows > 1 ? rows : 0;
        this.inputs = new float[gathered * examples.inputs().columns()];
        this.targets = new float[gathered * examples.targets().columns()];
        this.weights = new float[examples.weightValues() == null ? 0 : gathered];
    }

    /** Draws the order of an epoch, the same whenever it is asked for. */
    void begin(int epoch) {
        if (order.length > 0) {
            Arrays.setAll(order, i -> i);
            new SplitMix64(SplitMix64.derive(seed, epoch)).shuffle(order);
        }
    }

    /** The given places of the epoch's order. */
    Batch rows(int first, int rows) {
        if (order.length == 0) {
            batch.view(examples, first, rows);
        } else if (rows == 1) {
            batch.view(examples, order[first], 1);
        } else {
            firstPlace = first;
            execution.overRows(rows, examples.inputs().columns(), gather);
            batch.inputs = inputs;
            batch.inputsOffset = 0;
            batch.targets = targets;
            batch.targetsOffset = 0;
            batch.weights = examples.weightValues() == null ? null : weights;
            batch.weightsOffset = 0;
            batch.rows = rows;
        }
        return batch;
    }

    private void gather(int first, int rows) {
        gather(examples.inputs(), first, rows, inputs);
        gather(examples.targets(), first, rows, targets);
        float[] source = examples.weightValues();
        if (source != null) {
            for (int row = first; row < first + rows; row++) {
                weights[row] = source[order[firstPlace + row]];
            }
        }
    }

    private void gather(Matrix from, int first, int rows, float[] to) {
        int columns = from.columns();
        for (int row = first; row < first + rows; row++) {
            System.arraycopy(from.values(), order[firstPlace + row] * columns, to, row * columns, columns);
        }
    }
}
