package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.SentEvent;
import io.backprop.SmallLimits;
import io.backprop.WatchedStream;
import org.junit.jupiter.api.Test;

/** Comments keep a stream open while there are no events. */
@SmallLimits
class HeartbeatTests extends EventsTestBase {

    @Test
    void sendsCommentsWhileTheTrainingIsQueued() {
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
