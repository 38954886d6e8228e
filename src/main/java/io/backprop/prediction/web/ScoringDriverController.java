package io.backprop.prediction.web;

import io.backprop.driver.ClaimRequest;
import io.backprop.driver.FailureReport;
import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ReleaseReport;
import io.backprop.driver.ScorerPacket;
import io.backprop.driver.ScoringClaim;
import io.backprop.driver.ScoringProgressReport;
import io.backprop.driver.ScoringResultReport;
import io.backprop.limits.MemoryBudget;
import io.backprop.prediction.ClaimedScoring;
import io.backprop.prediction.Scoring;
import io.backprop.prediction.ScoringCommand;
import io.backprop.prediction.ScoringLease;
import io.backprop.prediction.ScoringService;
import io.backprop.tabular.TableScorer;
import io.backprop.web.WaitPreference;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What drivers ask for and report when they score tables; documented by the package {@code driver}. */
@RestController
@Hidden
class ScoringDriverController {

    private static final Logger log = LoggerFactory.getLogger(ScoringDriverController.class);
    private static final String SCORING = "/models/{id}/predictions/{prediction}";

    private final ScoringService scorings;
    private final MemoryBudget memory;

    ScoringDriverController(ScoringService scorings, MemoryBudget memory) {
        this.scorings = scorings;
        this.memory = memory;
    }

    /** The answer is 204 if there is no table to score within the time that the driver is willing to wait. */
    @PostMapping("/predictions/claims")
    CompletableFuture<ResponseEntity<ScoringClaim>> claim(
            @RequestHeader(name = WaitPreference.HEADER, required = false) @Nullable String prefer,
            @RequestBody ClaimRequest request) {
        WaitPreference wait = WaitPreference.parse(prefer);
        return scorings.claim(wait.toDuration()).thenApply(claimed -> {
            claimed.ifPresent(claim -> log.info(
                    "Driver {} scores table {} with the model {}",
                    request.driver(),
                    claim.scoring().command().table(),
                    claim.scoring().model()));
            return wait.respond(claimed.map(ScoringDriverController::toDocument));
        });
    }

    private static ScoringClaim toDocument(ClaimedScoring claimed) {
        Scoring scoring = claimed.scoring();
        ScoringCommand command = scoring.command();
        return new ScoringClaim(
                scoring.model(),
                scoring.number(),
                claimed.lease().token(),
                scoring.version(),
                command.table(),
                command.output(),
                command.format(),
                command.cells());
    }

    @PutMapping(SCORING + "/progress")
    ProgressAnswer progress(
            @PathVariable String id, @PathVariable int prediction, @RequestBody ScoringProgressReport report) {
        boolean cancel = scorings.renew(new ScoringLease(id, prediction, report.lease()), report.rows());
        return new ProgressAnswer(cancel ? ProgressAnswer.Cancellation.DISCARD : null);
    }

    @PostMapping(SCORING + "/result")
    ScoringResponse succeed(
            @PathVariable String id, @PathVariable int prediction, @RequestBody ScoringResultReport report) {
        ScoringLease lease = new ScoringLease(id, prediction, report.lease());
        return ScoringResponse.of(scorings.succeed(lease, report.rows(), report.files(), report.warnings()));
    }

    @PostMapping(SCORING + "/failure")
    ScoringResponse fail(@PathVariable String id, @PathVariable int prediction, @RequestBody FailureReport report) {
        return ScoringResponse.of(scorings.fail(new ScoringLease(id, prediction, report.lease()), report.message()));
    }

    @PostMapping(SCORING + "/release")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void release(@PathVariable String id, @PathVariable int prediction, @RequestBody ReleaseReport report) {
        scorings.release(new ScoringLease(id, prediction, report.lease()));
    }

    /** All that is needed to predict for tables as a version of a model does: a {@link ScorerPacket}. */
    @GetMapping(path = "/models/{id}/versions/{version}/scorer", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    void scorer(@PathVariable String id, @PathVariable long version, HttpServletResponse response) throws IOException {
        TableScorer scorer = scorings.scorer(id, version);
        memory.acquire((long) scorer.ensemble().spec().parameterCount() * Float.BYTES); // one network at a time
        ScorerPacket.write(scorer, length -> {
            response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
            response.setContentLengthLong(length);
            return response.getOutputStream();
        });
    }
}
