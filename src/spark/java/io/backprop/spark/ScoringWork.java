package io.backprop.spark;

import io.backprop.driver.ClaimRequest;
import io.backprop.driver.ScoringClaim;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Predictions for tables. */
final class ScoringWork implements Work {

    private final ClaimRequest request;
    private final ServiceClient service;
    private final SparkSession spark;
    private final URI tables;
    private final Shutdown shutdown;

    /**
     * @param driver name of the driver
     * @param tables folder of the tables
     */
    ScoringWork(String driver, ServiceClient service, SparkSession spark, URI tables, Shutdown shutdown) {
        this.request = new ClaimRequest(driver);
        this.service = service;
        this.spark = spark;
        this.tables = tables;
        this.shutdown = shutdown;
    }

    @Override
    public boolean doNext(Duration wait) throws InterruptedException {
        Optional<ScoringClaim> claimed = service.claim("/predictions/claims", request, wait, ScoringClaim.class);
        if (claimed.isEmpty()) {
            return false;
        }
        new ClaimedScoring(claimed.get(), service, spark, tables).run(shutdown);
        return true;
    }
}
