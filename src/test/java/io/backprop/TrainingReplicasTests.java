package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas in processes of their own that share a PostgreSQL, and trainings that are worked at by one of them. */
class TrainingReplicasTests {

    private static final int FEW = 300;
    private static final int ENDLESS = 1_000_000;

    private final String url = Postgres.shared().newDatabase();

    private ChildService replica() throws Exception {
        return ChildService.start(
                "-Dspring.datasource.url=" + url,
                "-Dbackprop.training.workers=1",
                "-Dbackprop.training.checkpoint-interval=PT0.2S");
    }

    @Test
    void anyReplicaWaitsAndCancels() throws Exception {
        try (ChildService busy = replica()) {
            LongTraining endless = new LongTraining("endless", ENDLESS);
            assertThat(endless.begin(busy, "respond-async").get().statusCode()).isEqualTo(202);
            endless.awaitEpoch(busy);
            try (ChildService idle = replica()) {
                LongTraining other = new LongTraining("other", FEW);
                HttpResponse<String> answer = other.begin(busy, "wait=60").get();
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(other.predict(busy).statusCode()).isEqualTo(200);
                assertThat(other.model(busy).path("state").asString()).isEqualTo("trained");
                assertThat(other.model(idle).path("version").asInt()).isEqualTo(1);

                assertThat(endless.training(idle).path("epochsCompleted").asInt())
                        .isPositive();
                assertThat(endless.training(idle).path("state").asString()).isEqualTo("running");
                long begun = System.nanoTime();
                assertThat(endless.cancel(idle).statusCode()).isEqualTo(200);
                assertThat(endless.cancel(idle).statusCode()).isEqualTo(200);
                endless.awaitEnd(idle);
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
                assertThat(endless.training(busy).path("state").asString()).isEqualTo("cancelled");
                assertThat(endless.model(busy).path("version").asInt()).isZero();
            }
        }
    }

    /** By one that another replica can't tell from dead, or that is. */
    @ParameterizedTest
    @ValueSource(strings = {"STOP", "KILL"})
    void trainingIsTakenOverWithinHalfAMinute(String signal) throws Exception {
        try (ChildService first = replica()) {
            LongTraining training = new LongTraining("taken", 4_000);
            assertThat(training.begin(first, "respond-async").get().statusCode())
                    .isEqualTo(202);
            try (ChildService second = replica()) {
                training.awaitEpoch(second);

                long begun = System.nanoTime();
                first.signal(signal);
                while (!second.output().contains("goes on after epoch")) {
                    Thread.sleep(50);
                }

                Duration taken = Duration.ofNanos(System.nanoTime() - begun);
                System.out.printf("taken over %d ms after %s%n", taken.toMillis(), signal);
                assertThat(taken).isLessThan(Duration.ofSeconds(30));
                if (signal.equals("STOP")) {
                    comesBack(first, second, training);
                } else {
                    training.awaitEnd(second);
                    assertThat(training.model(second).path("version").asInt()).isEqualTo(1);
                }
            }
        }
    }

    private static void comesBack(ChildService first, ChildService second, LongTraining training) throws Exception {
        first.signal("CONT");
        while (!first.output().contains("Stopped working")) {
            Thread.sleep(20);
        }
        training.awaitEnd(second);
        String result = training.result(second);
        assertThat(training.model(second).path("version").asInt()).isEqualTo(1);
        assertThat(second.output()).doesNotContain("Stopped working");
        Thread.sleep(2_000); // time enough for the first to do harm
        assertThat(training.result(second)).isEqualTo(result);
        assertThat(training.result(first)).isEqualTo(result);
    }
}
