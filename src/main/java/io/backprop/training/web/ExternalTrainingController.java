package io.backprop.training.web;

import io.backprop.driver.CheckpointPacket;
import io.backprop.driver.ClaimRequest;
import io.backprop.driver.FailureReport;
import io.backprop.driver.FitReport;
import io.backprop.driver.Preparation;
import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ProgressReport;
import io.backprop.driver.ReleaseReport;
import io.backprop.driver.ResultPacket;
import io.backprop.driver.TrainingClaim;
import io.backprop.limits.MemoryBudget;
import io.backprop.training.ExternalTraining;
import io.backprop.training.ExternalTrainings;
import io.backprop.training.Training;
import io.backprop.web.WaitPreference;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What drivers on Spark ask for and send. */
@RestController
@Hidden // see the package
class ExternalTrainingController {

    private static final String TRAINING = "/models/{id}/trainings/{number}";

    private final ExternalTrainings trainings;
    private final MemoryBudget memory;

    ExternalTrainingController(ExternalTrainings trainings, MemoryBudget memory) {
        this.trainings = trainings;
        this.memory = memory;
    }

    /** The answer is 204 if there is no training within the time that the driver is willing to wait. */
    @PostMapping("/trainings/claims")
    CompletableFuture<ResponseEntity<TrainingClaim>> claim(
            @RequestHeader(name = WaitPreference.HEADER, required = false) @Nullable String prefer,
            @RequestBody ClaimRequest request) {
        WaitPreference wait = WaitPreference.parse(prefer);
        return trainings.claim(request.driver(), wait.toDuration()).thenApply(wait::respond);
    }

    @PutMapping(TRAINING + "/preparation")
    Preparation prepare(@PathVariable String id, @PathVariable int number, @RequestBody FitReport report) {
        return trainings.prepare(id, number, report);
    }

    @GetMapping(path = TRAINING + "/network", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    byte[] network(@PathVariable String id, @PathVariable int number, @RequestParam long lease) {
        return trainings.network(id, number, lease).toBytes();
    }

    @PutMapping(TRAINING + "/progress")
    ProgressAnswer progress(@PathVariable String id, @PathVariable int number, @RequestBody ProgressReport report) {
        return trainings.progress(id, number, report);
    }

    @PutMapping(path = TRAINING + "/checkpoint", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void checkpoint(
            @PathVariable String id,
            @PathVariable int number,
            @RequestParam long lease,
            @RequestBody InputStreamResource body)
            throws IOException {
        ExternalTraining training = trainings.get(id, number, lease);
        CheckpointPacket checkpoint =
                CheckpointPacket.read(body.getInputStream(), parameters(training), epochs(training), memory::acquire);
        trainings.checkpoint(id, number, lease, checkpoint);
    }

    /** The answer is 204 if there is no checkpoint, or none that can be read, so that the training begins again. */
    @GetMapping(path = TRAINING + "/checkpoint", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    void checkpoint(
            @PathVariable String id, @PathVariable int number, @RequestParam long lease, HttpServletResponse response)
            throws IOException {
        ExternalTraining training = trainings.get(id, number, lease);
        Optional<CheckpointPacket> checkpoint = trainings.checkpoint(id, number, lease);
        if (checkpoint.isPresent()) {
            response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
            checkpoint.get().write(response.getOutputStream(), epochs(training));
        } else {
            response.setStatus(HttpStatus.NO_CONTENT.value());
        }
    }

    /** A driver that has lost the answer may send the result again. */
    @PostMapping(path = TRAINING + "/result", consumes = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    TrainingResponse finish(
            @PathVariable String id,
            @PathVariable int number,
            @RequestParam long lease,
            @RequestBody InputStreamResource body)
            throws IOException {
        Optional<Training> finished = trainings.findFinished(id, number, lease);
        if (finished.isPresent()) {
            body.getInputStream().transferTo(OutputStream.nullOutputStream());
            return TrainingResponse.of(finished.get());
        }
        ExternalTraining training = trainings.get(id, number, lease);
        ResultPacket result =
                ResultPacket.read(body.getInputStream(), parameters(training), epochs(training), memory::acquire);
        return TrainingResponse.of(trainings.finish(id, number, lease, result));
    }

    private static int parameters(ExternalTraining training) {
        return training.network().parameterCount();
    }

    private static int epochs(ExternalTraining training) {
        return training.settings().plan().epochs();
    }

    @PostMapping(TRAINING + "/failure")
    TrainingResponse fail(@PathVariable String id, @PathVariable int number, @RequestBody FailureReport report) {
        return TrainingResponse.of(trainings.fail(id, number, report));
    }

    @PostMapping(TRAINING + "/release")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void release(@PathVariable String id, @PathVariable int number, @RequestBody ReleaseReport report) {
        trainings.release(id, number, report);
    }
}
