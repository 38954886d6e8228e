package io.backprop.spark;

import io.backprop.driver.Preparation;
import io.backprop.engine.Examples;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.TableException;
import java.io.IOException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows have been encoded and divided into shards, for one training. The shards are files in the table's folder,
 * so that executors can be lost and another driver can continue. They do not depend on the number, names and order of the
 * table's files, nor on the cluster.
 */
public final class PreparedTable implements AutoCloseable {

    private final ShardFolder folder;
    private final Preparation preparation;
    private final ShardManifest manifest;
    private JavaRDD<StoredShard> shards;

    private PreparedTable(ShardFolder folder, Preparation preparation, ShardManifest manifest, int partitions) {
        this.folder = folder;
        this.preparation = preparation;
        this.manifest = manifest;
        this.shards = load(partitions);
    }

    private JavaRDD<StoredShard> load(int partitions) {
        return folder.load(manifest, partitions).persist(StorageLevel.MEMORY_AND_DISK());
    }

    /**
     * Fits preprocessing to a table, and divides its rows into shards.
     *
     * @param training name of the training, unique among all trainings
     * @param partitions of {@link #shards()}, a power of two; at most as many as there are shards are used
     * @param service answers the fit
     * @throws TableException if a file is malformed, or if the table does not fit the options
     */
    public static PreparedTable fit(
            SparkSession spark,
            TableFolder table,
            String training,
            FitOptions options,
            int partitions,
            Function<FittedTable, Preparation> service)
            throws IOException {
        return fit(spark, TableReader.of(spark, table), folder(table, training), options, partitions, service);
    }

    /** As {@link #fit} of a table of files, with any folder for the shards. */
    static PreparedTable fit(
            SparkSession spark,
            TableSource table,
            Path files,
            FitOptions options,
            int partitions,
            Function<FittedTable, Preparation> service)
            throws IOException {
        FittedTable fitted = TableFitting.fit(JavaSparkContext.fromSparkContext(spark.sparkContext()), table, options);
        Preparation preparation = service.apply(fitted);
        ShardFolder folder = new ShardFolder(spark, () -> table, files, preparation);
        return of(folder, preparation, fitted.trainingRows() + fitted.validationRows(), partitions);
    }

    /** @param rows as in {@link ShardFolder#complete} */
    private static PreparedTable of(ShardFolder folder, Preparation preparation, long rows, int partitions)
            throws IOException {
        try {
            return new PreparedTable(folder, preparation, folder.complete(rows), partitions);
        } catch (Throwable e) { // Spark throws checked exceptions without declaring them
            folder.release();
            throw e;
        }
    }

    private static Path folder(TableFolder table, String training) {
        return new Path(new Path(table.path(), ShardFolder.WORK), training);
    }

    /**
     * Continues with the preparation of an earlier driver. Its shards are used again if they are complete; those that are
     * missing or damaged are written again.
     *
     * @param partitions as in {@link #fit}
     * @throws TableException if a file is malformed, or if the table has changed since
     */
    public static PreparedTable resume(
            SparkSession spark, TableFolder table, String training, Preparation preparation, int partitions)
            throws IOException {
        ShardFolder folder =
                new ShardFolder(spark, () -> TableReader.of(spark, table), folder(table, training), preparation);
        return of(folder, preparation, -1, partitions);
    }

    /** How many partitions of shards keep all cores of a cluster busy: a power of two. */
    public static int partitions(SparkSession spark) {
        int cores = spark.sparkContext().defaultParallelism();
        int power = Integer.highestOneBit(cores);
        return power == cores ? cores : 4 * power; // several for each core, which differ less in number
    }

    /**
     * Deletes the files that drivers have left behind which did not end as usual.
     *
     * @param tables address of the folder of all tables
     * @param over whether the training of a name is over, so that no driver continues it
     */
    public static void deleteLeftovers(SparkSession spark, String tables, Predicate<String> over) throws IOException {
        ShardFolder.deleteLeftovers(spark.sparkContext().hadoopConfiguration(), tables, over);
    }

    public Preparation preparation() {
        return preparation;
    }

    /**
     * All shards in rising order, also those without rows. Each partition has an aligned range of them. Spark keeps as many in
     * memory as fit, and the others on the disks of executors; those of an executor that is lost are read from their files. A
     * job fails with {@link ShardFile.DamagedException} if such a file was altered.
     */
    JavaRDD<StoredShard> shards() {
        return shards;
    }

    /** Loads the shards anew into as many partitions, for example when the cluster has grown. */
    void distribute(int partitions) {
        shards.unpersist(false);
        shards = load(partitions);
    }

    /** The number of rows for training. */
    public long rows() {
        return manifest.rows();
    }

    /** The rows for validation, in the order of their hashes; null if there are none. */
    public @Nullable Examples validation() throws IOException {
        return folder.validation(manifest);
    }

    /** Checks all files, and writes those again that are missing or damaged. */
    public void repair() throws IOException {
        folder.repair(manifest);
    }

    /** Deletes the files, after the end of the training. */
    public void delete() throws IOException {
        folder.delete();
    }

    /** Frees the memory of executors. The files remain, for another driver. */
    @Override
    public void close() {
        shards.unpersist(false);
        folder.release();
    }
}
