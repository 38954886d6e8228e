package io.backprop.spark;

import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ScoringClaim;
import io.backprop.driver.ScoringProgressReport;
import io.backprop.driver.ScoringResultReport;
import io.backprop.spark.Claim.Stop;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** A scoring that this driver has claimed, from its table to its output. */
final class ClaimedScoring extends ClaimedWork {

    private static final Set<String> OVER = Set.of("succeeded", "cancelled", "failed"); // states

    private final ScoringClaim scoring;
    private final URI tables;
    private volatile @Nullable TableScoring job; // once it has begun

    ClaimedScoring(ScoringClaim scoring, ServiceClient service, SparkSession session, URI tables) {
        super(
                "scoring %d of model %s".formatted(scoring.number(), scoring.model()),
                path(scoring.model(), scoring.number()),
                scoring.lease(),
                service,
                session);
        this.scoring = scoring;
        this.tables = tables;
    }

    @Override
    @Nullable
    Stop renew() {
        TableScoring current = job;
        ScoringProgressReport report = new ScoringProgressReport(scoring.lease(), current == null ? 0 : current.rows());
        ProgressAnswer answer = service.send("PUT", path("progress"), report, ProgressAnswer.class);
        return answer.cancel() == null ? null : Stop.DISCARD;
    }

    private static String path(String model, int number) {
        return "/models/%s/predictions/%d".formatted(model, number);
    }

    @Override
    void carryOut() throws IOException {
        String version = "/models/%s/versions/%d/scorer".formatted(scoring.model(), scoring.version());
        PortableScorer scorer = new PortableScorer(claim().untilAvailable(() -> service.getBytes(version)));
        String fingerprint = scorer.fingerprint();
        ScoredTable result;
        try (ScoringOutput output = new ScoringOutput(spark.hadoopConfiguration(), tables, scoring)) {
            output.deleteLeftovers(this::isOver);
            result = output.published(scoring, fingerprint).orElse(null);
            if (result == null) {
                TableReader table = TableReader.of(session, new TableFolder(tables.toString(), scoring.table()));
                TableScoring scored = new TableScoring(session, table, scorer, scoring.cells());
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
}
