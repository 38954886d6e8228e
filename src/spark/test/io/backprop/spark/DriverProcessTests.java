package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.TestFolders;
import io.backprop.driver.ClaimRequest;
import io.backprop.driver.ReleaseReport;
import io.backprop.driver.TrainingClaim;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Drivers and executors that are killed, stopped and terminated while they train. The system property {@code test.kills} sets
 * how often; if it is set, a driver is stopped for 60 s.
 */
class DriverProcessTests {

    private static final int KILLS = Integer.getInteger("test.kills", 1);
    private static final long SEED = Long.getLong("test.seed", System.nanoTime());
    private static final int EPOCHS = 30;
    private static final String NETWORK =
            "\"hidden\": [{\"units\": 16}], \"seed\": 5, \"batchSize\": 128, \"shuffle\": true";
    private static final String OPTIONS =
            "\"table\": \"csv\", \"target\": \"y\", \"validationSplit\": 0.2, \"shards\": 8, \"epochs\": " + EPOCHS;
    private static final Map<String, String> LOCAL =
            Map.of("spark.master", "local[2]", "spark.backprop.checkpointInterval", "500ms");
    private static final Map<String, String> SCALAR = Map.of(
            "spark.master", "local[1]", "spark.backprop.checkpointInterval", "500ms", "backprop.kernel", "scalar");
    private static final Map<String, String> CLUSTER =
            Map.of("spark.master", "local-cluster[2,1,1024]", "spark.backprop.checkpointInterval", "500ms");
    private static final TestTable TABLE = TestTable.random(600, 7);
    private static final Path TABLES = TestFolders.create();
    private static ServiceProcess service;
    private static String expected;

    private static @Nullable DriverProcess driver; // that is running

    private final Random random = new Random(SEED);

    @BeforeAll
    static void start() {
        System.out.printf("test.seed=%d%n", SEED);
        service = ServiceProcess.start("--backprop.drivers.claim-timeout=PT5S");
        TABLE.writeCsv(TABLES.resolve("csv"));
        TestModel local = TestModel.create(service, "local", NETWORK);
        local.trainLocally(TABLE, "target=y&validationSplit=0.2&shards=8&epochs=" + EPOCHS);
        expected = local.parameters();
    }

    @AfterAll
    static void stop() {
        if (driver != null) {
            driver.close();
        }
        service.close();
    }

    private static DriverProcess driver() {
        if (driver == null) {
            driver = DriverProcess.start(LOCAL, service, TABLES);
        }
        return driver;
    }

    private void awaitSomeEpoch(TestModel model, int number) {
        model.awaitEpoch(number, 1 + random.nextInt(EPOCHS / 2));
    }

    private static void assertSameBits(TestModel model, int number) {
        model.awaitSuccess(number);
        assertThat(model.parameters()).as("%s", driver).isEqualTo(expected);
    }

    @Test
    void killedExecutorsChangeNoBit() {
        DriverProcess before = driver;
        if (before != null) { // which would take the trainings
            before.close();
        }
        driver = DriverProcess.start(CLUSTER, service, TABLES);
        for (int kill = 0; kill < KILLS; kill++) {
            TestModel model = TestModel.create(service, "executor-killed" + kill, NETWORK);
            int number = model.start(OPTIONS);
            awaitSomeEpoch(model, number);
            List<ProcessHandle> executors = Await.until(driver()::executors, all -> all.size() == 2);
            executors.get(random.nextInt(2)).destroyForcibly();
            assertSameBits(model, number);
        }
        driver.close();
        driver = null;
    }

    @Test
    void driverThatReplacesAKilledOneChangesNoBit() {
        for (int kill = 0; kill < KILLS; kill++) {
            DriverProcess killed = driver();
            TestModel model = TestModel.create(service, "driver-killed" + kill, NETWORK);
            int number = model.start(OPTIONS);
            awaitSomeEpoch(model, number);
            killed.kill();
            driver = DriverProcess.start(SCALAR, service, TABLES);
            assertSameBits(model, number);
        }
    }

    @Test
    void terminatedDriverLeavesItsTrainingAtOnce() throws InterruptedException {
        DriverProcess terminated = driver();
        TestModel model = TestModel.create(service, "terminated", NETWORK);
        int number = model.start(OPTIONS);
        model.awaitEpoch(number, 2);
        terminated.terminate();
        terminated.exitStatus();
        driver = null;
        assertThat(model.training(number).path("epochsCompleted").asInt()).isBetween(2, EPOCHS - 1);
        ServiceClient client = new ServiceClient(service.url(), null);
        TrainingClaim claim = client.claim(
                        "/trainings/claims", new ClaimRequest("test"), Duration.ZERO, TrainingClaim.class)
                .orElseThrow(() -> new AssertionError("not released by the " + terminated));
        assertThat(claim.checkpoint()).isTrue();
        client.send("POST", claim.path("release"), new ReleaseReport(claim.lease()));
        driver();
        assertSameBits(model, number);
    }

    @Test
    void stoppedDriverPublishesNothing() {
        Duration pause = Duration.ofSeconds(KILLS > 1 ? 60 : 8); // longer than the claim's timeout
        TestModel model = TestModel.create(service, "stopped", NETWORK);
        try (DriverProcess stopped = driver()) {
            int number = model.start(OPTIONS);
            model.awaitEpoch(number, 1);
            stopped.signal("STOP");
            long since = System.nanoTime();
            driver = DriverProcess.start(LOCAL, service, TABLES);
            assertSameBits(model, number);
            Await.until(() -> System.nanoTime() - since > pause.toNanos());
            stopped.signal("CONT");
            Await.until(() -> stopped.output().contains("is given up"));
            assertThat(model.parameters()).isEqualTo(expected);
            assertThat(model.get().path("version").asInt()).isEqualTo(1);
        }
    }
}
