package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Trainings that one replica runs, seen from another one that shares its PostgreSQL. */
@Execution(ExecutionMode.CONCURRENT)
class TrainingReplicasTests {

    private static final int FEW = 30;
    private static final int ENDLESS = 1_000_000;

    private final String url = Postgres.shared().newDatabase();

    private ChildService replica() throws Exception {
        return ChildService.start(
                "-Dspring.datasource.url=" + url,
                "-Dbackprop.training.workers=1",
                "-Dbackprop.training.checkpoint-interval=PT0.2S");
    }

    @Test
    void anyReplicaWaitsReportsAndCancels() throws Exception {
        try (ChildService busy = replica()) {
            LongTraining endless = new LongTraining("endless", ENDLESS);
            endless.start(busy);
            endless.awaitEpoch(busy, 1);
            try (ChildService idle = replica()) {
                LongTraining other = new LongTraining("other", FEW);
                HttpResponse<String> answer = other.start(busy, "wait=60").get();
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(other.predict(busy).statusCode()).isEqualTo(200);
                assertThat(other.model(busy).path("state").asString()).isEqualTo("trained");
                assertThat(other.model(idle).path("version").asInt()).isEqualTo(1);

                endless.awaitEpoch(idle, 1);
                assertThat(endless.training(idle).path("state").asString()).isEqualTo("running");
                Await.until(() -> !endless.history(idle).path("loss").isEmpty());
                endless.awaitLive(busy, 1);
                endless.awaitLive(idle, 1);
                Iterator<String> events = endless.events(idle);
                read(events, "event:epoch");
                assertThat(endless.cancel(idle).statusCode()).isEqualTo(200);
                assertThat(endless.cancel(idle).statusCode()).isEqualTo(200);
                assertThat(endless.training(busy).path("state").asString()).isEqualTo("cancelled");
                assertThat(endless.model(busy).path("version").asInt()).isZero();
                read(events, "event:end");
            }
        }
    }

    private static void read(Iterator<String> events, String until) {
        while (!events.next().equals(until)) {
            assertThat(events.hasNext()).isTrue();
        }
    }
}
