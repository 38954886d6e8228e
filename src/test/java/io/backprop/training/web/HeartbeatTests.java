package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Comments keep a stream open of which there is nothing else to tell. */
@TestPropertySource(properties = {"backprop.events.heartbeat=250ms", "backprop.training.workers=1"})
class HeartbeatTests extends EventsTestBase {

    @Test
    void trainingThatWaitsIsKeptOpenByComments() {
        running();
        String queued = endless();
        long start = System.nanoTime();
        WatchedStream stream = watch(queued);
        Await.until(() -> stream.comments() >= 5);

        post(queued + "/cancel", "");

        assertThat(stream.allEvents()).extracting(SentEvent::name).containsExactly("end");
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(stream.comments()).isLessThanOrEqualTo((long) (4 * seconds) + 1);
    }
}
