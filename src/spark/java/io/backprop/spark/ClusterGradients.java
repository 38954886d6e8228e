package io.backprop.spark;

import static java.util.Objects.requireNonNull;

import io.backprop.driver.DriverDocuments;
import io.backprop.engine.GradientSource;
import io.backprop.engine.GradientSum;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Shard;
import io.backprop.engine.ShardGradients;
import io.backprop.engine.TrainingPlan;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Gradients that the executors of a cluster compute of their shards: each step is one job. */
final class ClusterGradients implements GradientSource {
    /*
     * Each task returns the sum of its range of shards, a subtree of the tree over all shards, so that neither the number of
     * executors nor the order in which tasks end changes a bit. A task that fails, for example because its executor is lost, is
     * repeated by Spark, which reads the shards again from their files.
     *
     * Executors keep their ranges in memory and Spark prefers the executor that has one, so that a new executor would have
     * nothing to do. They are therefore distributed again when there are more executors than before.
     */

    private static final int POLL_MILLIS = 100;

    private final SparkSession session;
    private final JavaSparkContext spark;
    private final PreparedTable table;
    private final Setup setup;
    private int executors;

    ClusterGradients(SparkSession session, PreparedTable table, NetworkSpec spec) {
        this.session = session;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        this.table = table;
        this.setup = new Setup(
                UUID.randomUUID().toString(),
                document(spec),
                document(table.preparation().plan()),
                table.rows());
        this.executors = executors();
    }

    private static String document(Object value) {
        return new String(DriverDocuments.write(value), StandardCharsets.UTF_8);
    }

    private int executors() {
        return spark.sc().statusTracker().getExecutorInfos().length;
    }

    @Override
    public long rows() {
        return setup.rows;
    }

    @Override
    public @Nullable GradientSum gradient(int epoch, int step, float[] parameters, BooleanSupplier stop) {
        if (stop.getAsBoolean()) { // a job takes much longer than a step of the engine
            return null;
        }
        distributeAgainIfThereAreMoreExecutors();
        Broadcast<float[]> current = spark.broadcast(parameters);
        try {
            int count = table.preparation().plan().shards() / table.shards().getNumPartitions();
            return gradient(new Task(setup, count, current, epoch, step), stop, true);
        } finally {
            current.destroy();
        }
    }

    private @Nullable GradientSum gradient(Task task, BooleanSupplier stop, boolean mayRepair) {
        JavaFutureAction<List<byte[]>> job =
                table.shards().mapPartitions(task).collectAsync(); // in the order of the shards
        while (true) {
            try {
                return total(job.get(POLL_MILLIS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                if (stop.getAsBoolean()) {
                    job.cancel(true);
                    return null;
                }
            } catch (ExecutionException e) {
                if (stop.getAsBoolean()) { // which has cancelled the job
                    return null;
                }
                if (!mayRepair || !isDamaged(e)) {
                    throw new IllegalStateException("a step failed on the cluster: " + e.getCause(), e.getCause());
                }
                repair();
                return gradient(task, stop, false);
            } catch (InterruptedException e) {
                job.cancel(true);
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the training was interrupted", e);
            }
        }
    }

    private static boolean isDamaged(ExecutionException e) {
        return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                .anyMatch(ShardFile.DamagedException.class::isInstance);
    }

    private void repair() {
        try {
            table.repair();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GradientSum total(List<byte[]> sums) {
        return GradientSum.total(sums.stream().map(SumBytes::read).toList());
    }

    private void distributeAgainIfThereAreMoreExecutors() {
        int before = executors;
        executors = executors();
        if (executors > before) {
            table.distribute(PreparedTable.partitions(session));
        }
    }

    /**
     * What all steps of a training have in common.
     *
     * @param training an id that no other training has
     * @param spec of the network, as a document
     * @param plan as a document
     */
    private record Setup(String training, String spec, String plan, long rows) implements Serializable {

        ShardGradients gradients() {
            return new ShardGradients(read(spec, NetworkSpec.class), read(plan, TrainingPlan.class), rows);
        }

        private static <T> T read(String document, Class<T> type) {
            return DriverDocuments.read(document.getBytes(StandardCharsets.UTF_8), type);
        }
    }

    /**
     * Computes the sum of a range of shards in one step, on an executor.
     *
     * @param count number of shards of each range
     */
    private record Task(Setup setup, int count, Broadcast<float[]> parameters, int epoch, int step)
            implements FlatMapFunction<Iterator<StoredShard>, byte[]> {

        @Override
        public Iterator<byte[]> call(Iterator<StoredShard> range) {
            TaskContext task = TaskContext.get();
            Workspaces workspaces = Workspaces.of(setup.training);
            ShardGradients gradients = workspaces.take(setup);
            Iterable<Shard> shards =
                    () -> StreamSupport.stream(Spliterators.spliteratorUnknownSize(range, Spliterator.ORDERED), false)
                            .filter(shard -> shard.rows() > 0)
                            .map(shard -> Shard.of(shard.index(), requireNonNull(shard.examples())))
                            .iterator();
            GradientSum sum = gradients.sum(
                    task.partitionId() * count, count, shards, epoch, step, parameters.value(), task::isInterrupted);
            workspaces.release(gradients);
            if (sum == null) {
                throw new TaskKilledException("the step was cancelled");
            }
            return List.of(SumBytes.write(sum)).iterator();
        }
    }

    /** The workspaces of the last training in this JVM, one for each task at a time. */
    private static final class Workspaces {

        private static final AtomicReference<@Nullable Workspaces> LAST = new AtomicReference<>();

        private final String training;
        private final Queue<ShardGradients> idle = new ConcurrentLinkedQueue<>();

        private Workspaces(String training) {
            this.training = training;
        }

        static Workspaces of(String training) {
            return requireNonNull(LAST.updateAndGet(
                    last -> last != null && last.training.equals(training) ? last : new Workspaces(training)));
        }

        ShardGradients take(Setup setup) {
            ShardGradients gradients = idle.poll();
            return gradients == null ? setup.gradients() : gradients;
        }

        void release(ShardGradients gradients) {
            idle.add(gradients);
        }
    }

    /**
     * A sum as bytes, little-endian.
     *
     * <pre>
     * 4   first shard
     * 4   number of shards
     * 8   number of rows
     * 8   sum of the losses, float64
     * 4p  the gradient, float32 each; nothing without rows
     * </pre>
     */
    private static final class SumBytes {

        private static final int HEADER = 2 * Integer.BYTES + Long.BYTES + Double.BYTES;

        private SumBytes() {}

        static byte[] write(GradientSum sum) {
            byte[] bytes = new byte[HEADER + sum.gradient().length * Float.BYTES];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(sum.firstShard())
                    .putInt(sum.shards())
                    .putLong(sum.rows())
                    .putDouble(sum.lossSum())
                    .asFloatBuffer()
                    .put(sum.gradient());
            return bytes;
        }

        static GradientSum read(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int firstShard = in.getInt();
            int shards = in.getInt();
            long rows = in.getLong();
            double lossSum = in.getDouble();
            float[] gradient = new float[in.remaining() / Float.BYTES];
            in.asFloatBuffer().get(gradient);
            return GradientSum.of(firstShard, shards, gradient, lossSum, rows);
        }
    }
}
