package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Comments keep a stream open of which there is nothing else to tell. */
@TestPropertySource(properties = {"backprop.events.heartbeat=250ms", "backprop.training.workers=1"})
class HeartbeatTests extends EventsTestBase {

    @Test
    void trainingThatWaitsIsKeptOpenByComments() throws Exception {
        running();
        String queued = endless();
        CompletableFuture<String> stream = watch(queued);
        await(() -> events.listeners() == 1);
        Thread.sleep(1_500);

        post(queued + "/cancel", "");

        String text = stream.get(60, TimeUnit.SECONDS);
        assertThat(text.lines().filter(line -> line.startsWith(":")).count()).isBetween(3L, 100L);
        assertThat(SentEvent.parse(text)).extracting(SentEvent::name).containsExactly("end");
    }

    @Test
    void trainingThatGoesOnNeedsNoComments() throws Exception {
        String path = running();
        CompletableFuture<String> stream = watch(path);
        Thread.sleep(600);
        post(path + "/cancel", "");

        assertThat(stream.get(60, TimeUnit.SECONDS).lines()).noneMatch(line -> line.startsWith(":"));
    }
}
