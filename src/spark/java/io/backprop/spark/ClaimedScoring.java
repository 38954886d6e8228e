package io.backprop.spark;

import static java.util.Objects.requireNonNull;

import io.backprop.driver.FailureReport;
import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ReleaseReport;
import io.backprop.driver.ScoringClaim;
import io.backprop.driver.ScoringProgressReport;
import io.backprop.driver.ScoringResultReport;
import io.backprop.spark.Claim.Stop;
import io.backprop.tabular.TableException;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A scoring that this driver has claimed, from its table to its output. */
final class ClaimedScoring {

    private static final Logger log = LoggerFactory.getLogger(ClaimedScoring.class);
    private static final Set<String> OVER = Set.of("succeeded", "cancelled", "failed"); // states

    private final ScoringClaim scoring;
    private final String name;
    private final ServiceClient service;
    private final SparkSession spark;
    private final URI tables;
    private volatile @Nullable TableScoring job; // once it has begun
    private @Nullable Claim claim; // while it is worked on

    ClaimedScoring(ScoringClaim scoring, ServiceClient service, SparkSession spark, URI tables) {
        this.scoring = scoring;
        this.name = "scoring %d of model %s".formatted(scoring.number(), scoring.model());
        this.service = service;
        this.spark = spark;
        this.tables = tables;
    }

    /**
     * Scores the table and sends the result, or the reason why there is none.
     *
     * @throws InterruptedException if the driver shuts down
     * @throws ServiceException.AccessDenied if the service denies access
     */
    void run(Shutdown shutdown) throws InterruptedException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        String jobs = "%s?lease=%d".formatted(path(""), scoring.lease());
        log.info("{} starts", name);
        try (Claim renewed = new Claim(name, this::renew, () -> context.cancelJobGroup(jobs))) {
            claim = renewed;
            shutdown.protect(renewed);
            context.setJobGroup(jobs, name);
            carryOut();
        } finally {
            context.clearJobGroup();
        }
        shutdown.release();
    }

    private @Nullable Stop renew() {
        TableScoring current = job;
        ScoringProgressReport report = new ScoringProgressReport(scoring.lease(), current == null ? 0 : current.rows());
        ProgressAnswer answer = service.send("PUT", path("progress"), report, ProgressAnswer.class);
        return answer.cancel() == null ? null : Stop.DISCARD;
    }

    private String path(String resource) {
        return path(scoring.model(), scoring.number()) + "/" + resource;
    }

    private static String path(String model, int number) {
        return "/models/%s/predictions/%d".formatted(model, number);
    }

    private Claim claim() {
        return requireNonNull(claim);
    }

    private void carryOut() {
        try {
            score();
            log.info("{} is complete", name);
        } catch (Claim.StoppedException e) {
            giveUp();
        } catch (ServiceException.ClaimLost e) {
            log.warn("{} is given up: {}", name, e.getMessage());
        } catch (ServiceException.AccessDenied e) {
            throw e;
        } catch (TableException | ServiceException.Rejected e) {
            fail(String.valueOf(e.getMessage()));
        } catch (Exception | Error e) { // Spark throws checked exceptions without declaring them
            if (claim().stop() != null) { // a job was cancelled
                giveUp();
            } else if (spark.sparkContext().isStopped()) {
                log.error("{} is given up, since the Spark application was stopped", name);
                giveUp();
            } else {
                log.error("{} failed", name, e);
                fail("an unexpected error on the cluster, which the driver has logged: " + e);
            }
        }
    }

    private void score() throws IOException {
        String version = "/models/%s/versions/%d/scorer".formatted(scoring.model(), scoring.version());
        PortableScorer scorer = new PortableScorer(claim().untilAvailable(() -> service.getBytes(version)));
        String fingerprint = scorer.fingerprint();
        ScoredTable result;
        try (ScoringOutput output = new ScoringOutput(spark.sparkContext().hadoopConfiguration(), tables, scoring)) {
            output.deleteLeftovers(this::isOver);
            result = output.published(scoring, fingerprint).orElse(null);
            if (result == null) {
                TableReader table = TableReader.of(spark, new TableFolder(tables.toString(), scoring.table()));
                TableScoring scored = new TableScoring(spark, table, scorer, scoring.cells());
                job = scored;
                result = scored.write(scoring.format(), output.folder());
                requireClaim(result);
                output.publish(new ScoringOutput.Mark(scoring.model(), scoring.number(), fingerprint, result));
            }
        }
        ScoringResultReport report =
                new ScoringResultReport(scoring.lease(), result.rows(), result.files(), result.warnings());
        claim().untilAvailable(() -> {
            service.send("POST", path("result"), report);
            return true;
        });
    }

    /** Renews the claim before something is published. */
    private void requireClaim(ScoredTable result) {
        ScoringProgressReport report = new ScoringProgressReport(scoring.lease(), result.rows());
        ProgressAnswer answer =
                claim().untilAvailable(() -> service.send("PUT", path("progress"), report, ProgressAnswer.class));
        if (answer.cancel() != null) {
            claim().stop(Stop.DISCARD);
        }
        Stop stop = claim().stop();
        if (stop == Stop.DISCARD || stop == Stop.LOST) {
            throw new Claim.StoppedException(name, stop);
        }
    }

    /** Whether no other driver works on a scoring. */
    private boolean isOver(String model, int number) {
        if (model.equals(scoring.model()) && number == scoring.number()) {
            return true; // this driver has the claim
        }
        try {
            return OVER.contains(
                    service.getJson(path(model, number)).path("state").asString(""));
        } catch (ServiceException.ClaimLost e) {
            return true; // deleted
        } catch (ServiceException e) {
            return false; // unknown
        }
    }

    /** Ends the work without a result. */
    private void giveUp() {
        Stop reason = claim().stop();
        log.info("{} is given up: {}", name, reason);
        if (reason != Stop.LOST) {
            try {
                service.send("POST", path("release"), new ReleaseReport(scoring.lease()));
            } catch (ServiceException e) { // the claim will expire
                log.warn("{} is not released: {}", name, e.getMessage());
            }
        }
    }

    private void fail(String message) {
        log.warn("{} has failed: {}", name, message);
        try {
            claim().untilAvailable(() -> {
                service.send("POST", path("failure"), new FailureReport(scoring.lease(), false, message));
                return true;
            });
        } catch (Claim.StoppedException e) {
            giveUp();
        } catch (ServiceException.ClaimLost e) {
            log.warn("The failure of {} is not recorded: {}", name, e.getMessage());
        }
    }
}
