package io.backprop.engine;

import io.backprop.engine.Execution.RangeTask;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Provides the batches of each epoch, shuffled if requested. */
final class BatchSampler {
    /*
     * Batches are views of the examples, except for shuffled batches of several rows, which are copied. They are copied
     * by load, so that each thread can copy the rows that it processes.
     */

    private static final long SHUFFLE = 0x73687566666c65L; // branch of the seed

    private final Examples examples;
    private final long seed;
    private final int[] order; // empty without shuffling
    private final @Nullable Examples copies; // rows; null if batches are views of the examples
    private final Batch batch = new Batch();
    private final RangeTask copy = this::copy;
    private int firstPosition;

    /**
     * @param rows maximum number of rows of a batch
     */
    BatchSampler(Examples examples, boolean shuffle, int rows, long seed) {
        this.examples = examples;
        this.seed = SplitMix64.derive(seed, SHUFFLE);
        this.order = new int[shuffle ? examples.size() : 0];
        this.copies = shuffle && rows > 1 ? examples.select(new int[rows]) : null;
    }

    /** Draws the order of an epoch, which depends only on the seed and the epoch. */
    void begin(int epoch) {
        if (order.length > 0) {
            Arrays.setAll(order, i -> i);
            new SplitMix64(SplitMix64.derive(seed, epoch)).shuffle(order);
        }
    }

    /**
     * Moves to the examples at positions {@code first} to {@code first + rows} of the epoch. Their values are valid after
     * {@link #load}.
     */
    Batch rows(int first, int rows) {
        if (order.length == 0) {
            batch.view(examples, first, rows);
        } else if (copies == null || rows == 1) {
            batch.view(examples, order[first], 1);
        } else {
            firstPosition = first;
            batch.view(copies, 0, rows);
        }
        return batch;
    }

    /** Loads a range of the rows of the current batch. */
    void load(Execution execution, int first, int rows) {
        if (copies != null && batch.rows > 1) {
            execution.overRows(first, rows, examples.inputs().columns(), copy);
        }
    }

    private void copy(int first, int rows) {
        Examples to = Objects.requireNonNull(copies);
        copy(examples.inputs(), first, rows, to.inputs());
        copy(examples.targets(), first, rows, to.targets());
        if (examples.weights() != null && to.weights() != null) {
            for (int row = first; row < first + rows; row++) {
                to.weights().values()[row] = examples.weights().get(order[firstPosition + row]);
            }
        }
    }

    private void copy(Matrix from, int first, int rows, Matrix to) {
        int columns = from.columns();
        for (int row = first; row < first + rows; row++) {
            System.arraycopy(from.values(), order[firstPosition + row] * columns, to.values(), row * columns, columns);
        }
    }
}
