package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Models that change while a table for them is read. */
class ChangedMeanwhileTests extends ServiceTestBase {

    private static final String TABLE = "a,b,y\n" + "1,2,3\n2,1,4\n3,5,6\n".repeat(20_000);

    /** Between changes, so that a training can start between two of them. */
    private static final long PAUSE_NANOS = 100_000_000;

    private volatile boolean over;

    @Test
    void continuesFromParametersThatChangeWhileTheTableIsRead() {
        String id = create("\"hidden\": []");
        assertThat(train(id).statusCode()).isEqualTo(200);
        AtomicInteger changes = new AtomicInteger();
        CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> {
            while (!over) {
                int status = put("/models/" + id + "/parameters", """
                        {"layers": [{"weights": [[1, 0]], "biases": [0]}]}""").statusCode();
                assertThat(status).isIn(200, 409);
                changes.addAndGet(status == 200 ? 1 : 0);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        });

        for (int i = 0; i < 3 || changes.get() == 0; i++) { // with at least one change
            HttpResponse<String> response = train(id);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }

        over = true;
        changing.join();
    }

    private HttpResponse<String> train(String id) {
        return send(request("/models/" + id + "/train?target=y&epochs=1")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(TABLE)));
    }
}
