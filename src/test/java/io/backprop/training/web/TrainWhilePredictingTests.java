package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each prediction during a training is made by one version. */
class TrainWhilePredictingTests extends ServiceTestBase {

    private static final int THREADS = 6;
    private static final int TRAININGS = 25;
    private static final String INPUTS = "[[0.1,0.9],[0.7,0.3],[1,1],[-2,5]]";

    @Test
    void everyPredictionIsThatOfOneVersion() throws Exception {
        String fields = """
                "hidden": [{"units": 32}, {"units": 32}], "task": "regression", "seed": 5""";
        Map<Long, JsonNode> expected = new HashMap<>();
        String reference = create(fields);
        for (long version = 1; version <= TRAININGS; version++) {
            train(reference, XOR + ", \"epochs\": 2");
            expected.put(version, predict(reference, INPUTS).path("predictions"));
        }
        String id = create(fields);
        train(id, XOR + ", \"epochs\": 2");

        AtomicBoolean over = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<List<JsonNode>>> answers = new ArrayList<>();
            for (int client = 0; client < THREADS; client++) {
                answers.add(clients.submit(() -> predictUntil(over, id)));
            }
            for (int training = 2; training <= TRAININGS; training++) {
                train(id, XOR + ", \"epochs\": 2");
            }
            over.set(true);

            for (Future<List<JsonNode>> client : answers) {
                long last = 0;
                assertThat(client.get()).isNotEmpty();
                for (JsonNode answer : client.get()) {
                    long version = answer.path("version").asLong();
                    assertThat(version).isGreaterThanOrEqualTo(last);
                    assertThat(answer.path("predictions")).isEqualTo(expected.get(version));
                    last = version;
                }
            }
        } finally {
            over.set(true);
            clients.shutdownNow();
        }
    }

    private List<JsonNode> predictUntil(AtomicBoolean over, String id) {
        List<JsonNode> answers = new ArrayList<>();
        do {
            answers.add(predict(id, INPUTS));
        } while (!over.get());
        return answers;
    }

    @Test
    void predictsWithThePreviousVersionDuringATraining() {
        String id = create("\"seed\": 5");
        train(id, XOR);
        JsonNode before = predict(id, INPUTS);
        String path = header(begin(id, ENDLESS), "Location");

        for (int i = 0; i < 20; i++) {
            assertThat(predict(id, INPUTS)).isEqualTo(before);
        }

        awaitEpoch(path); // a queued training has nothing to keep
        post(path + "/cancel?keep=true", "");
        awaitEnd(path);
        assertThat(predict(id, INPUTS).path("version").asInt()).isEqualTo(2);
    }

    @Test
    void onlyOneOfManySimultaneousTrainingsStarts() throws Exception {
        String id = create("");
        AtomicInteger begun = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int client = 0; client < THREADS; client++) {
                calls.add(clients.submit(() -> {
                    JsonNode answer = json(begin(id, ENDLESS));
                    if (answer.path("number").asInt() == 1) {
                        begun.incrementAndGet();
                    } else {
                        assertThat(answer.path("runningTraining").asString())
                                .isEqualTo("/models/" + id + "/trainings/1");
                    }
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(begun).hasValue(1);
        delete("/models/" + id);
    }

    @Test
    void modelsOfOneIdMayBeDeletedAndCreatedWhileTheyAreTrained() throws Exception {
        String id = newId();
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try {
            Future<?> owner = clients.submit(() -> {
                for (int i = 0; i < 100; i++) {
                    post("/models", "{\"id\": \"" + id + "\"}");
                    delete("/models/" + id);
                }
            });
            while (!owner.isDone()) {
                assertThat(begin(id, ENDLESS).statusCode()).isIn(202, 404, 409, 200);
            }
            owner.get();
        } finally {
            clients.shutdownNow();
        }
        json(post("/models", "{\"id\": \"" + id + "\"}"), 201);
        assertThat(get("/models/" + id + "/trainings").body()).isEqualTo("{\"trainings\":[]}");
        assertThat(train(id, XOR).path("version").asInt()).isEqualTo(1); // deleted trainings occupy no worker
    }
}
