package io.backprop.spark;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Spark in this JVM, with its executors in this one or in others. A JVM has one Spark context, so that of an earlier test is
 * used again if it has the same master, and is stopped otherwise.
 */
public final class SparkCluster {

    private SparkCluster() {}

    /** Driver and executor are this JVM. */
    public static SparkSession local(int threads) {
        return session("local[%d]".formatted(threads));
    }

    /** Executors of one core and 1 GiB each, in JVMs of their own. */
    public static SparkSession executors(int executors) {
        return session("local-cluster[%d,1,1024]".formatted(executors));
    }

    private static synchronized SparkSession session(String master) {
        SparkSession.getDefaultSession()
                .filter(session -> session.sparkContext().isStopped()
                        || !session.sparkContext().master().equals(master))
                .foreach(session -> {
                    session.sparkContext().setLogLevel("OFF"); // the exit of executors is no error
                    session.stop();
                    SparkSession.clearDefaultSession();
                    SparkSession.clearActiveSession();
                    return null;
                });
        SparkSession.Builder builder = SparkSession.builder().master(master).appName("backprop-tests");
        properties().forEach(builder::config);
        SparkSession session = builder.getOrCreate();
        session.sparkContext().setLogLevel("ERROR");
        return session;
    }

    /** Properties of Spark that all tests use. */
    static Map<String, String> properties() {
        return Map.of(
                "spark.ui.enabled", "false",
                "spark.driver.host", "localhost",
                "spark.driver.bindAddress", "127.0.0.1",
                "spark.executor.extraClassPath", executorClassPath(),
                "spark.executor.memory", "1g",
                "spark.sql.shuffle.partitions", "2",
                "spark.sql.warehouse.dir",
                        Path.of("target/spark-warehouse").toUri().toString());
    }

    public static JavaSparkContext context(SparkSession session) {
        return JavaSparkContext.fromSparkContext(session.sparkContext());
    }

    /** The processes of the executors of a cluster, for example to kill one. */
    public static List<ProcessHandle> executorProcesses() {
        return executorProcesses(ProcessHandle.current());
    }

    /** The processes of the executors of the cluster that another process runs. */
    static List<ProcessHandle> executorProcesses(ProcessHandle driver) {
        return driver.children()
                .filter(process -> commandLine(process).contains("CoarseGrainedExecutorBackend"))
                .toList();
    }

    /** Also where {@link ProcessHandle.Info} omits it because it is long. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // has exited
        }
    }

    /** The classes of this build and the libraries that its jar contains, but none of Spark's. */
    static String executorClassPath() {
        Path jars = Path.of(System.getenv("SPARK_HOME"), "jars");
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .filter(entry -> !Files.exists(jars.resolve(entry.getFileName())))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
