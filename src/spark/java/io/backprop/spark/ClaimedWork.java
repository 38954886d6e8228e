package io.backprop.spark;

import static java.util.Objects.requireNonNull;

import io.backprop.driver.FailureReport;
import io.backprop.driver.ReleaseReport;
import io.backprop.engine.TrainingDivergedException;
import io.backprop.spark.Claim.Stop;
import io.backprop.tabular.TableException;
import java.io.IOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A piece of work that this driver has claimed, from its claim to its result or the reason why there is none. */
abstract class ClaimedWork {

    private static final Logger log = LoggerFactory.getLogger(ClaimedWork.class);

    final String name;
    final ServiceClient service;
    final SparkSession session;
    final JavaSparkContext spark;
    private final String path;
    private final long lease;
    private @Nullable Claim claim; // while it is worked on

    /**
     * @param name for the log
     * @param path of the work, without a slash at its end
     */
    ClaimedWork(String name, String path, long lease, ServiceClient service, SparkSession session) {
        this.name = name;
        this.path = path;
        this.lease = lease;
        this.service = service;
        this.session = session;
        this.spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    }

    /** Renews the claim; returns the cancellation that the service answers, if any. */
    abstract @Nullable Stop renew();

    /** Carries the work out and sends its result. */
    abstract void carryOut() throws IOException;

    /**
     * Frees what the work has used.
     *
     * @param over whether no driver continues it
     */
    void close(boolean over) {}

    /**
     * Carries the work out and sends the result, or the reason why there is none.
     *
     * @throws InterruptedException if the driver shuts down
     * @throws ServiceException.AccessDenied if the service denies access
     */
    final void run(Shutdown shutdown) throws InterruptedException {
        String jobs = path + "?lease=" + lease;
        log.info("{} starts", name);
        boolean over = false;
        try (Claim renewed = new Claim(
                name, this::renew, () -> spark.sc().cancelJobGroupAndFutureJobs(jobs, name + " was stopped"))) {
            claim = renewed;
            shutdown.protect(renewed);
            spark.setJobGroup(jobs, name);
            over = end();
        } finally {
            spark.clearJobGroup();
            close(over);
        }
        shutdown.release();
    }

    final Claim claim() {
        return requireNonNull(claim);
    }

    /** The path of a resource of the work, such as {@code progress}. */
    final String path(String resource) {
        return path + "/" + resource;
    }

    /** Returns whether the work is over, so that no driver continues it. */
    private boolean end() {
        try {
            carryOut();
            log.info("{} is complete", name);
            return true;
        } catch (Claim.StoppedException e) {
            return giveUp();
        } catch (ServiceException.ClaimLost e) {
            log.warn("{} is given up: {}", name, e.getMessage());
            return false;
        } catch (ServiceException.AccessDenied e) {
            throw e;
        } catch (TrainingDivergedException e) {
            return fail(true, String.valueOf(e.getMessage()));
        } catch (TableException | ServiceException.Rejected e) {
            return fail(false, String.valueOf(e.getMessage()));
        } catch (Exception | Error e) { // Spark throws checked exceptions without declaring them
            if (claim().stop() != null) { // a job was cancelled
                return giveUp();
            } else if (spark.sc().isStopped()) {
                log.error("{} is given up, since the Spark application was stopped", name);
                return giveUp();
            }
            log.error("{} failed", name, e);
            return fail(false, "an unexpected error on the cluster, which the driver has logged: " + e);
        }
    }

    /** Ends the work without a result; returns whether it is over. */
    private boolean giveUp() {
        Stop reason = claim().stop();
        log.info("{} is given up: {}", name, reason);
        if (reason == Stop.LOST) {
            return false;
        }
        try {
            service.send("POST", path("release"), new ReleaseReport(lease));
            return reason == Stop.KEEP || reason == Stop.DISCARD;
        } catch (ServiceException e) { // the claim will expire
            log.warn("{} is not released: {}", name, e.getMessage());
            return false;
        }
    }

    private boolean fail(boolean diverged, String message) {
        FailureReport report = new FailureReport(lease, diverged, message);
        log.warn("{} has failed: {}", name, message);
        try {
            claim().untilAvailable(() -> {
                service.send("POST", path("failure"), report);
                return true;
            });
            return true;
        } catch (Claim.StoppedException e) {
            return giveUp();
        } catch (ServiceException.ClaimLost e) {
            log.warn("The failure of {} is not recorded: {}", name, e.getMessage());
            return false;
        }
    }
}
