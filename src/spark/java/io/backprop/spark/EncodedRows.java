package io.backprop.spark;

import io.backprop.engine.Examples;
import io.backprop.engine.RowHash;
import io.backprop.tabular.ExampleRows;
import io.backprop.tabular.RowEncoding;
import io.backprop.tabular.Warnings;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.Partitioner;
import scala.Tuple2;

/**
 * The rows of a part of a table, encoded one batch after another: pairs of a key and the bytes of a {@link ShardFile}. The order
 * of keys is that of shards, followed by the rows for validation, and within them that of the rows' hashes.
 */
final class EncodedRows implements Iterator<Tuple2<byte[], byte[]>> {
    /*
     * Keys are bytes, because Spark's serializers write arrays of them without the name of a class.
     */

    private static final int KEY = Integer.BYTES + 2 * Long.BYTES; // shard, hash

    private final Sharding sharding;
    private final ExampleRows encoder;
    private final TablePart.Rows rows;
    private final Queue<ExampleRows.Batch> batches = new ArrayDeque<>();
    private final float[] inputs;
    private final float[] targets;
    private final float[] values;
    private int next; // row of the first batch
    private boolean finished;

    /**
     * Which shard a row belongs to.
     *
     * @param seed of the training
     * @param shards number of shards; also the index of the file with the rows for validation
     * @param shape of the rows of shards
     */
    record Sharding(long seed, int shards, ShardFile.Shape shape) implements Serializable {
        /** Of the rows in a file; those for validation have no weights. */
        ShardFile.Shape shape(int index) {
            return index < shards ? shape : new ShardFile.Shape(shape.features(), shape.outputs(), false);
        }
    }

    EncodedRows(TablePart part, RowEncoding encoding, Sharding sharding) {
        this.sharding = sharding;
        this.encoder = new ExampleRows(encoding, part.source(), new Warnings(), batches::add);
        this.rows = part.open(encoder);
        this.inputs = new float[sharding.shape.features()];
        this.targets = new float[sharding.shape.outputs()];
        this.values = new float[sharding.shape.values()];
    }

    /** One partition for each shard. */
    static final class ShardPartitioner extends Partitioner {

        private static final long serialVersionUID = 1;

        private final int partitions;

        ShardPartitioner(int partitions) {
            this.partitions = partitions;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object key) {
            return shard((byte[]) key);
        }
    }

    static int shard(byte[] key) {
        return ByteBuffer.wrap(key).getInt();
    }

    /** Compares keys as unsigned numbers. */
    static final class KeyOrder implements Comparator<byte[]>, Serializable {

        private static final long serialVersionUID = 1;

        @Override
        public int compare(byte[] left, byte[] right) {
            return Arrays.compareUnsigned(left, right);
        }
    }

    @Override
    public boolean hasNext() {
        while (!finished && batches.isEmpty()) {
            if (!rows.next()) {
                encoder.finish();
                finished = true;
            }
        }
        return !batches.isEmpty();
    }

    @Override
    public Tuple2<byte[], byte[]> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        ExampleRows.Batch batch = batches.element();
        Examples examples = batch.examples();
        byte[] key = key(examples, next, batch.validation());
        byte[] row = ShardFile.row(examples, next, sharding.shape(shard(key)), values);
        next++;
        if (next == examples.size()) {
            batches.remove();
            next = 0;
        }
        return new Tuple2<>(key, row);
    }

    private byte[] key(Examples examples, int row, BitSet validation) {
        examples.inputs().copyRow(row, inputs, 0);
        examples.targets().copyRow(row, targets, 0);
        float weight = examples.weights() == null ? 1 : examples.weights().get(row);
        RowHash hash = RowHash.ofExample(sharding.seed, inputs, targets, weight);
        int shard = validation.get(row) ? sharding.shards : hash.shard(sharding.shards);
        return ByteBuffer.allocate(KEY)
                .putInt(shard)
                .putLong(hash.high())
                .putLong(hash.low())
                .array();
    }
}
