package io.backprop.spark;

import io.backprop.driver.ClaimRequest;
import io.backprop.driver.TrainingClaim;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trainings of tables. */
final class TrainingWork implements Work {

    private static final Logger log = LoggerFactory.getLogger(TrainingWork.class);
    private static final Pattern FOLDER = Pattern.compile("([a-z0-9._-]+)-([0-9]+)");

    private final ClaimRequest request;
    private final ServiceClient service;
    private final SparkSession spark;
    private final String tables;
    private final Shutdown shutdown;

    /**
     * @param driver name of the driver
     * @param tables address of the folder of all tables
     */
    TrainingWork(String driver, ServiceClient service, SparkSession spark, String tables, Shutdown shutdown) {
        this.request = new ClaimRequest(driver);
        this.service = service;
        this.spark = spark;
        this.tables = tables;
        this.shutdown = shutdown;
    }

    @Override
    public boolean doNext(Duration wait) throws InterruptedException {
        Optional<TrainingClaim> claimed = service.claim("/trainings/claims", request, wait, TrainingClaim.class);
        if (claimed.isEmpty()) {
            return false;
        }
        new ClaimedTraining(claimed.get(), service, spark, tables).run(shutdown);
        return true;
    }

    /** Name of the folder of a training's files. */
    static String folder(String model, int training) {
        return "%s-%d".formatted(model, training);
    }

    /** Deletes the files of trainings that are over, which were left behind by drivers that did not end as usual. */
    void deleteLeftovers() {
        try {
            PreparedTable.deleteLeftovers(spark, tables, this::isOver);
        } catch (IOException e) {
            log.warn("Files of earlier trainings are not deleted: {}", e.getMessage());
        }
    }

    private boolean isOver(String folder) {
        Matcher name = FOLDER.matcher(folder);
        if (!name.matches()) {
            return false;
        }
        try {
            String state = service.getJson("/models/%s/trainings/%s".formatted(name.group(1), name.group(2)))
                    .path("state")
                    .asString();
            return !state.equals("queued") && !state.equals("running");
        } catch (ServiceException.ClaimLost e) {
            return true; // deleted
        } catch (ServiceException e) {
            return false; // unknown
        }
    }
}
