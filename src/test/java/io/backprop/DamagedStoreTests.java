package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The service with a database file that is damaged. */
@Execution(ExecutionMode.CONCURRENT)
class DamagedStoreTests extends HttpTestBase {

    private final Path store = TestFolders.create();
    private final Path file = store.resolve("backprop.db");

    @Test
    void truncatedFileIsReportedAndNotWritten() throws Exception {
        try (ChildService service = start()) {
            Await.until(() -> get("/actuator/health").statusCode() == 200);
            for (int i = 0; i < 100; i++) {
                json(post("/models", """
                        {"id": "model%d", "description": "%s", "hidden": []}""".formatted(i, "x".repeat(2_000))), 201);
            }
            service.terminate();
        }
        try (ChildService service = start()) { // writes to the log, which then has the size of the file
            json(post("/models", "{\"id\": \"last\"}"), 201);
            service.kill();
        }
        try (RandomAccessFile database = new RandomAccessFile(file.toFile(), "rw")) {
            database.setLength(database.length() / 2);
        }
        byte[] before = Files.readAllBytes(file);

        try (ChildService service = start()) {
            assertThat(service.output()).contains(file + " is damaged");
            assertThat(json(get("/actuator/health"), 503).path("description").asString())
                    .isEqualTo("the database is damaged: restore a backup");
            json(get("/actuator/health/liveness"), 200);
            problem(post("/models", "{}"), 500, "corrupt-data");
            problem(delete("/models/last"), 500, "corrupt-data");
            json(get("/models/last"), 200);
            service.kill();
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    private ChildService start() throws Exception {
        ChildService service = ChildService.start(store);
        port = service.port();
        return service;
    }
}
