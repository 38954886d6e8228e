package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The service on a disk that becomes full and later has space again. */
@Execution(ExecutionMode.CONCURRENT)
class FullDiskTests extends HttpTestBase {

    private static final String EXAMPLES = "{\"inputs\": [[1],[2]], \"targets\": [2,4]}";
    private static final String PARAMETERS = """
            {"layers": [{"weights": [[%d]], "biases": [0]}]}""";

    private final List<String> created = new ArrayList<>();
    private int next;
    private final LongTraining endless = new LongTraining("endless", 1_000_000);
    private final LongTraining other = new LongTraining("other", 1_000_000);

    @Test
    void refusesWritesAndKeepsPredictingAndTrainingWithoutLoss() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(64)) {
            try (ChildService service = start(disk)) {
                createSome();
                json(post("/models/model0/train", EXAMPLES), 200);
                endless.start(service);
                endless.awaitEpoch(service, 1);

                disk.fill();
                assertOnlyReadingAndRemovingWorks(service);
                disk.deleteFiller();
                assertWritingWorks(service);
                service.kill();
            }
            try (ChildService service = start(disk)) {
                for (String id : created) {
                    json(get("/models/" + id), 200);
                }
                assertThat(weight()).isEqualTo(8);
                assertThat(endless.model(service).path("version").asInt()).isEqualTo(1);
            }
        }
    }

    @Test
    void startsDeletesAndCancelsOnAFullDisk() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(64)) {
            try (ChildService service = start(disk)) {
                createSome();
                endless.start(service);
                other.start(service);
                endless.awaitEpoch(service, 1);
                other.awaitEpoch(service, 1);
                disk.fill();
                service.kill();
            }
            disk.fillRest();
            try (ChildService service = start(disk)) {
                assertThat(delete("/models/" + created.remove(1)).statusCode()).isEqualTo(204);
                endless.awaitEpoch(service, 1);
                json(post("/models/endless/trainings/1/cancel", ""), 200);
                endless.awaitEnd(service);
                other.awaitEpoch(service, 1);
                assertThat(delete("/models/other").statusCode()).isEqualTo(204);
                service.terminate();
            }
            disk.fillRest();
            ChildService service = start(disk);
            try (service) {
                while (created.size() > 1) {
                    assertThat(delete("/models/" + created.remove(1)).statusCode())
                            .isEqualTo(204);
                }
                assertThat(create()).isEqualTo(507);
                assertThat(delete("/models/endless").statusCode()).isEqualTo(204);
                assertThat(json(get("/models"), 200).path("models").size()).isEqualTo(created.size());
                disk.deleteFiller();
                assertThat(create()).isEqualTo(201);
            }
        }
    }

    private void createSome() {
        for (int i = 0; i < 50; i++) {
            assertThat(create()).isEqualTo(201);
        }
    }

    private ChildService start(SmallDisk disk) throws Exception {
        ChildService service = ChildService.start(
                disk.folder(),
                "-Dbackprop.training.workers=2",
                "-Dbackprop.training.checkpoint-interval=PT0.1S",
                "-Dmanagement.health.diskspace.threshold=18MB");
        port = service.port();
        return service;
    }

    /** Tries to create a model and records it if that succeeds. */
    private int create() {
        String id = "model" + next;
        int status = post("/models", """
                {"id": "%s", "hidden": [], "task": "regression"}""".formatted(id)).statusCode();
        if (status == 201) {
            created.add(id);
            next++;
        }
        return status;
    }

    private void assertOnlyReadingAndRemovingWorks(ChildService service) throws Exception {
        String predicted = predicted();
        json(get("/actuator/health/store"), 503);
        json(get("/actuator/health/readiness"), 200);
        for (int i = 0; i < 20; i++) {
            assertThat(create()).isEqualTo(507);
            refused(post("/models/model0/train", EXAMPLES), "training");
            refused(put("/models/model0/parameters", PARAMETERS.formatted(7)), "model");
            assertThat(delete("/models/" + created.remove(1)).statusCode()).isEqualTo(204);
            assertThat(predicted()).isEqualTo(predicted);
        }
        int epoch = endless.training(service).path("epochsCompleted").asInt();
        endless.awaitEpoch(service, epoch + 1);
        endTraining();
        TimeUnit.SECONDS.sleep(LoadScale.of(0, 90));
        assertThat(service.output().lines().filter(line -> line.contains("The disk is full")))
                .hasSize(1);
    }

    /** Lets the training publish what it has reached, once there is room. */
    private void endTraining() {
        send(request("/models/endless/trainings/1/cancel?keep=true")
                .header("Prefer", "respond-async")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private void refused(HttpResponse<String> response, String what) {
        assertThat(problem(response, 507, "storage-full").path("detail").asString())
                .isEqualTo("there is no room left to store the " + what);
    }

    private void assertWritingWorks(ChildService service) throws Exception {
        assertThat(create()).isEqualTo(201);
        json(post("/models/model0/train", EXAMPLES), 200);
        json(put("/models/model0/parameters", PARAMETERS.formatted(8)), 200);
        endless.awaitEnd(service);
        json(get("/actuator/health/store"), 200);
    }

    private String predicted() {
        return json(post("/models/model0/predict", "{\"inputs\": [[1]]}"), 200)
                .path("predictions")
                .toString();
    }

    private int weight() {
        return json(get("/models/model0/parameters"), 200)
                .at("/layers/0/weights/0/0")
                .asInt();
    }
}
