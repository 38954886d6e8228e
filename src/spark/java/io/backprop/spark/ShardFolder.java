package io.backprop.spark;

import io.backprop.driver.DriverDocuments;
import io.backprop.driver.Preparation;
import io.backprop.engine.Examples;
import io.backprop.tabular.RowEncoding;
import io.backprop.tabular.TableException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.ShuffledRDD;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.math.Ordering;
import scala.reflect.ClassTag;

/**
 * The folder with the shards of a training, in the folder of its table. Files are renamed when they are complete, and the
 * {@link ShardManifest} is the last one.
 */
final class ShardFolder {

    /** The hidden folder of a table that has a folder for each prepared training. */
    static final String WORK = ".backprop";

    private static final Logger log = LoggerFactory.getLogger(ShardFolder.class);
    private static final String VALIDATION = "validation";
    private static final long MAX_VALUES = Integer.MAX_VALUE - 8; // of the largest array

    private final JavaSparkContext context;
    private final Source source;
    private final Path folder;
    private final Preparation preparation;
    private final EncodedRows.Sharding sharding;
    private final Broadcast<SerializableConfiguration> hadoop;

    /** Opens the table, if shards have to be written. */
    @FunctionalInterface
    interface Source {
        TableSource open() throws IOException;
    }

    /** @param folder of this training alone */
    ShardFolder(SparkSession spark, Source source, Path folder, Preparation preparation) {
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.source = source;
        this.folder = folder;
        this.preparation = preparation;
        RowEncoding encoding = preparation.rows();
        this.sharding = new EncodedRows.Sharding(
                preparation.plan().seed(),
                preparation.plan().shards(),
                new ShardFile.Shape(
                        encoding.columns().width(),
                        encoding.outputs(),
                        !encoding.classWeights().isEmpty()));
        this.hadoop = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    }

    /**
     * Writes the shards, unless they are complete.
     *
     * @param rows number of rows that have been fitted; negative if that is unknown
     * @throws TableException if the table has changed since it was fitted
     */
    ShardManifest complete(long rows) throws IOException {
        String hash = ShardManifest.hash(preparation);
        ShardManifest known = ShardManifest.read(folder, hadoop.value().value());
        if (known != null && known.preparation().equals(hash)) {
            repair(known);
            return known;
        }
        List<ShardFile.Entry> entries =
                write(IntStream.rangeClosed(0, sharding.shards()).boxed().collect(Collectors.toSet()));
        ShardManifest written = new ShardManifest(
                hash, sharding.shape(), entries.subList(0, sharding.shards()), entries.get(sharding.shards()));
        if (rows >= 0 && written.rows() + written.validation().rows() != rows) {
            throw changed();
        }
        requireSize(written);
        written.write(folder, hadoop.value().value());
        return written;
    }

    private void requireSize(ShardManifest written) {
        int values = sharding.shape().values();
        long largest = written.entries().stream()
                .mapToLong(ShardFile.Entry::rows)
                .max()
                .orElse(0);
        if (largest * values > MAX_VALUES) {
            throw TableException.invalid(
                    "a shard may have at most %,d values, but one has %,d rows of %,d; set shards to more than %d",
                    MAX_VALUES, largest, values, sharding.shards());
        }
    }

    private TableException changed() {
        return TableException.invalid("the table has changed while it was used for a training");
    }

    /** Checks all files, and writes those again that are missing or damaged. */
    void repair(ShardManifest expected) throws IOException {
        Set<Integer> damaged = Set.copyOf(damaged(expected));
        if (damaged.isEmpty()) {
            return;
        }
        log.warn("Writes shards {} of {} again, because their files are missing or damaged", damaged, folder);
        List<ShardFile.Entry> entries = write(damaged);
        for (int index : damaged) {
            if (!entries.get(index).equals(expected.entries().get(index))) {
                throw changed();
            }
        }
    }

    private List<Integer> damaged(ShardManifest expected) {
        Broadcast<SerializableConfiguration> configuration = hadoop;
        String address = folder.toString();
        List<ShardFile.Entry> entries = expected.entries();
        EncodedRows.Sharding used = sharding;
        List<Integer> indices =
                IntStream.rangeClosed(0, sharding.shards()).boxed().toList();
        return context.parallelize(indices, indices.size())
                .filter(index -> {
                    try {
                        Path file = file(address, index, entries.size() - 1);
                        ShardFile.read(
                                file, configuration.value().value(), index, used.shape(index), entries.get(index));
                        return false;
                    } catch (ShardFile.DamagedException e) {
                        return true;
                    }
                })
                .collect();
    }

    /** Encodes the table and writes some of its shards; those of other indices have no rows in the result. */
    private List<ShardFile.Entry> write(Set<Integer> indices) throws IOException {
        byte[] json = DriverDocuments.write(preparation.rows());
        EncodedRows.Sharding used = sharding;
        Set<Integer> written = new HashSet<>(indices);
        JavaRDD<Tuple2<byte[], byte[]>> encoded = source.open()
                .flatMap(part -> new EncodedRows(part, DriverDocuments.read(json, RowEncoding.class), used))
                .filter(row -> written.contains(EncodedRows.shard(row._1())));
        ClassTag<byte[]> bytes = ClassTag.apply(byte[].class);
        ShuffledRDD<byte[], byte[], byte[]> sorted = new ShuffledRDD<byte[], byte[], byte[]>(
                        encoded.rdd(), new EncodedRows.ShardPartitioner(sharding.shards() + 1), bytes, bytes, bytes)
                .setKeyOrdering(Ordering.comparatorToOrdering(new EncodedRows.KeyOrder()))
                .setSerializer(new KryoSerializer(context.getConf()));
        Broadcast<SerializableConfiguration> configuration = hadoop;
        String address = folder.toString();
        String application = context.sc().applicationId();
        try {
            return sorted.toJavaRDD()
                    .mapPartitionsWithIndex(
                            (index, rows) -> {
                                if (!written.contains(index)) {
                                    return List.of(new ShardFile.Entry(0, 0)).iterator();
                                }
                                ShardFile.Entry entry = ShardFile.write(
                                        file(address, index, used.shards()),
                                        configuration.value().value(),
                                        application + "-" + TaskContext.get().taskAttemptId(),
                                        index,
                                        used.shape(index),
                                        rows);
                                return List.of(entry).iterator();
                            },
                            true)
                    .collect();
        } catch (Exception e) { // Spark throws checked exceptions without declaring them
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof TableException failure) {
                    throw TableException.invalid("%s", failure.getMessage());
                }
            }
            throw e;
        }
    }

    private static Path file(String folder, int index, int shards) {
        return new Path(folder, index == shards ? VALIDATION : "shard-%05d".formatted(index));
    }

    /**
     * Reads all shards, in rising order.
     *
     * @param partitions of which each has an aligned range of shards
     */
    JavaRDD<StoredShard> load(ShardManifest manifest, int partitions) {
        Broadcast<SerializableConfiguration> configuration = hadoop;
        String address = folder.toString();
        List<ShardFile.Entry> entries = manifest.entries();
        ShardFile.Shape shape = sharding.shape();
        List<Integer> indices = IntStream.range(0, sharding.shards()).boxed().toList();
        return context.parallelize(indices, Math.min(partitions, sharding.shards()))
                .map(index -> ShardFile.read(
                        file(address, index, entries.size() - 1),
                        configuration.value().value(),
                        index,
                        shape,
                        entries.get(index)));
    }

    /** The rows for validation, in the order of their hashes; null if there are none. */
    @Nullable
    Examples validation(ShardManifest manifest) throws IOException {
        int index = sharding.shards();
        return ShardFile.read(
                        file(folder.toString(), index, index),
                        hadoop.value().value(),
                        index,
                        sharding.shape(index),
                        manifest.validation())
                .examples();
    }

    /** Frees what executors have for reading files. */
    void release() {
        hadoop.destroy();
    }

    /** Deletes the files. */
    void delete() throws IOException {
        delete(folder.getFileSystem(context.hadoopConfiguration()), folder);
    }

    private static void delete(FileSystem files, Path folder) throws IOException {
        files.delete(folder, true);
        Path parent = folder.getParent();
        if (parent.getName().equals(WORK) && files.exists(parent) && files.listStatus(parent).length == 0) {
            files.delete(parent, true);
        }
    }

    /**
     * Deletes the files that drivers have left behind which did not end as usual.
     *
     * @param tables address of the folder of all tables
     * @param over whether the training of a name is over, so that no driver continues it
     */
    static void deleteLeftovers(Configuration hadoop, String tables, Predicate<String> over) throws IOException {
        Path folder = new Path(tables);
        FileSystem files = folder.getFileSystem(hadoop);
        for (FileStatus table : files.listStatus(folder)) {
            Path work = new Path(table.getPath(), WORK);
            if (!table.isDirectory() || !files.exists(work)) {
                continue;
            }
            for (FileStatus training : files.listStatus(work)) {
                if (over.test(training.getPath().getName())) {
                    log.info("Deletes {}, which an earlier driver has left behind", training.getPath());
                    delete(files, training.getPath());
                }
            }
        }
    }
}
