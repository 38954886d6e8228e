package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.LatencyProbe.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.util.FileSystemUtils;

/** Small changes beside the publication and deletion of large versions. BlobStoreContract is the short form. */
@EnabledIfSystemProperty(named = "test.load", matches = "full")
class LargeVersionsTests extends HttpTestBase {

    private static final int VERSIONS = 10;
    private static final String LARGE = """
            {"id": "%s", "hidden": [8000], "inputs": 6200, "task": "regression", "optimizer": "sgd"}""";

    @Test
    void smallChangesDoNotWaitForLargeOnes() throws Exception {
        Path folder = TestFolders.create();
        try (ChildService service = ChildService.start(folder, "-Xmx3g")) {
            port = service.port();
            json(post("/models", LARGE.formatted("large")), 201);
            json(post("/models/large/train", """
                    {"inputs": [[%s0]], "targets": [1], "epochs": 1}""".formatted("0,".repeat(6199))), 200);
            json(post("/models", "{\"id\": \"copy\", \"copyOf\": \"large\"}"), 201);
            for (int version = 2; version <= VERSIONS; version++) {
                json(post("/models/large/versions/1/restore", ""), 200);
            }
            long stored = size(folder);
            assertThat(stored).isGreaterThan(2_000_000_000L);

            try (LatencyProbe probe = LatencyProbe.post(port, "/models", "{}", 10)) {
                long start = System.nanoTime();
                assertThat(delete("/models/large").statusCode()).isEqualTo(204);
                json(post("/models", LARGE.formatted("large")), 201);
                json(post("/models/copy/versions/1/restore", ""), 200);
                json(post("/models", "{\"id\": \"other\", \"copyOf\": \"copy\"}"), 201);
                Await.until(() -> LargeModel.chunksOfNoVersion(folder) == 0);
                Latencies latencies = probe.stop();
                System.out.printf(
                        "BAR small creates beside the deletion of %d MB and the publication of 2 × 200 MB: %s, %d s%n",
                        stored >> 20,
                        latencies,
                        Duration.ofNanos(System.nanoTime() - start).toSeconds());
                assertThat(latencies.percentile(99)).isLessThan(Duration.ofSeconds(1));
            }
            service.kill();
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static long size(Path folder) {
        try {
            return Files.size(folder.resolve("backprop.db"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
