package io.backprop.spark;

import io.backprop.spark.DriverOptions.InvalidOptionException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program that trains and scores tables on a Spark cluster: claims work from the service, one piece after the other,
 * until it is terminated. Any number of them can serve one service.
 */
public final class TrainingDriver {
    /*
     * Terminated, it leaves its work to another driver: the shutdown hook runs before that of Spark, stops the claim, and
     * waits until the thread that works has sent a checkpoint and released it.
     */

    private static final Logger log = LoggerFactory.getLogger(TrainingDriver.class);

    /** The service waits this long for a training, then for a scoring. */
    private static final Duration WAIT = Duration.ofSeconds(5);

    private static final Duration FIRST_RETRY_DELAY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY_DELAY = Duration.ofSeconds(30);
    private static final int BEFORE_SPARK = FileSystem.SHUTDOWN_HOOK_PRIORITY + 100; // the higher, the earlier
    private static final int SHUTDOWN_SECONDS = 30;
    private static final String SPARK_LOG_LEVEL = "spark.log.level";
    private static final int EXIT_FAILED = 1;
    private static final int EXIT_USAGE = 2;

    private final SparkContext spark;
    private final TrainingWork trainings;
    private final List<Work> kinds;
    private final Shutdown shutdown;

    private TrainingDriver(SparkContext spark, TrainingWork trainings, List<Work> kinds, Shutdown shutdown) {
        this.spark = spark;
        this.trainings = trainings;
        this.kinds = kinds;
        this.shutdown = shutdown;
    }

    /** Runs the driver with the options of {@link DriverOptions#USAGE}. */
    public static void main(String[] arguments) {
        int status = start(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int start(String[] arguments) {
        DriverOptions options;
        try {
            options = DriverOptions.parse(arguments);
        } catch (InvalidOptionException e) {
            System.err.printf("%s%n%n%s", e.getMessage(), DriverOptions.USAGE);
            return EXIT_USAGE;
        }
        if (options == null) {
            System.out.print(DriverOptions.USAGE);
            return 0;
        }
        SparkSession session = SparkSession.builder().appName("backprop").getOrCreate();
        try {
            return run(options, session);
        } finally {
            session.stop();
        }
    }

    private static int run(DriverOptions options, SparkSession session) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
        if (!spark.getConf().contains(SPARK_LOG_LEVEL)) {
            Configurator.setLevel("org.apache.spark", Level.WARN); // else Spark logs several lines for each step
        }
        try {
            requireFolder(options, session.sparkContext());
        } catch (IOException e) {
            System.err.printf("--tables %s can't be read: %s%n", options.tables(), e.getMessage());
            return EXIT_USAGE;
        }
        ServiceClient service = new ServiceClient(options.service(), System.getenv("BACKPROP_KEY"));
        Shutdown shutdown = new Shutdown();
        String name = name(spark);
        log.info("{} asks {} for work", name, options.service());
        TrainingWork trainings =
                new TrainingWork(name, service, session, options.tables().toString(), shutdown);
        ScoringWork scorings = new ScoringWork(name, service, session, options.tables(), shutdown);
        ShutdownHookManager.get().addShutdownHook(shutdown, BEFORE_SPARK, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        return new TrainingDriver(spark.sc(), trainings, List.of(trainings, scorings), shutdown).run();
    }

    private static void requireFolder(DriverOptions options, SparkContext spark) throws IOException {
        Path folder = new Path(options.tables());
        if (!folder.getFileSystem(spark.hadoopConfiguration())
                .getFileStatus(folder)
                .isDirectory()) {
            throw new FileNotFoundException("it is no folder");
        }
    }

    private static String name(JavaSparkContext spark) {
        try {
            return InetAddress.getLocalHost().getHostName() + "/" + spark.sc().applicationId();
        } catch (UnknownHostException e) {
            return spark.sc().applicationId();
        }
    }

    /** Works until the driver shuts down or Spark stops; returns the exit status. */
    private int run() {
        shutdown.begin(Thread.currentThread());
        try {
            trainings.deleteLeftovers();
            work();
            System.err.println("The Spark application was stopped");
            return EXIT_FAILED;
        } catch (InterruptedException e) {
            return 0; // shut down
        } catch (ServiceException e) {
            System.err.println(e.getMessage());
            return EXIT_FAILED;
        } finally {
            shutdown.end();
        }
    }

    /**
     * Works until the thread is interrupted or Spark stops.
     *
     * @throws ServiceException if the service denies access, or if the first request fails
     */
    private void work() throws InterruptedException {
        boolean ready = false;
        Duration delay = FIRST_RETRY_DELAY;
        while (!spark.isStopped()) {
            try {
                long start = System.nanoTime();
                boolean worked = false;
                for (Work kind : kinds) {
                    worked |= kind.doNext(WAIT);
                    ready = true;
                }
                delay = FIRST_RETRY_DELAY;
                if (!worked && System.nanoTime() - start < WAIT.toNanos()) { // the service lets no more requests wait
                    Thread.sleep(delay.toMillis());
                }
            } catch (ServiceException e) {
                if (!ready || e instanceof ServiceException.AccessDenied) {
                    throw e;
                }
                if (delay.equals(FIRST_RETRY_DELAY)) {
                    log.warn("Waits for the service: {}", e.getMessage());
                }
                Thread.sleep(delay.toMillis());
                delay = delay.multipliedBy(2).compareTo(LAST_RETRY_DELAY) < 0
                        ? delay.multipliedBy(2)
                        : LAST_RETRY_DELAY;
            }
        }
    }
}
