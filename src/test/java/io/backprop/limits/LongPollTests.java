package io.backprop.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LongPollTests {

    private static final Duration HOUR = Duration.ofHours(1);

    private final Queue<String> work = new ArrayDeque<>();
    private final LongPoll<String> poll = new LongPoll<>(() -> Optional.ofNullable(work.poll()), 2);

    @Test
    void takesAtOnceWhatIsThere() {
        work.add("a");

        assertThat(poll.take(HOUR)).isCompletedWithValue(Optional.of("a"));
    }

    @Test
    void withoutTimeDoesNotWait() {
        assertThat(poll.take(Duration.ZERO)).isCompletedWithValue(Optional.empty());
    }

    @Test
    void servesRequestsInTheirOrder() {
        CompletableFuture<Optional<String>> first = poll.take(HOUR);
        CompletableFuture<Optional<String>> second = poll.take(HOUR);
        work.add("a");
        poll.poll();

        assertThat(first).isCompletedWithValue(Optional.of("a"));
        assertThat(second).isNotDone();
        work.add("b");
        assertThat(poll.take(Duration.ZERO)).isCompletedWithValue(Optional.empty());
        poll.poll();
        assertThat(second).isCompletedWithValue(Optional.of("b"));
    }

    @Test
    void endsWaitAfterItsTime() {
        CompletableFuture<Optional<String>> wait = poll.take(Duration.ofNanos(1));
        poll.poll();

        assertThat(wait).isCompletedWithValue(Optional.empty());
        work.add("a");
        poll.poll();
        assertThat(work).containsExactly("a");
    }

    @Test
    void answersAtOnceIfTooManyWait() {
        assertThat(poll.take(HOUR)).isNotDone();
        assertThat(poll.take(HOUR)).isNotDone();

        assertThat(poll.take(HOUR)).isCompletedWithValue(Optional.empty());
    }

    @Test
    void keepsWaitingIfTheSourceFails() {
        boolean[] fails = new boolean[1];
        LongPoll<String> failing = new LongPoll<>(
                () -> {
                    if (fails[0]) {
                        throw new IllegalStateException("for a test");
                    }
                    return Optional.ofNullable(work.poll());
                },
                2);
        CompletableFuture<Optional<String>> wait = failing.take(HOUR);
        fails[0] = true;
        failing.poll();
        assertThat(wait).isNotDone();
        fails[0] = false;
        work.add("a");
        failing.poll();

        assertThat(wait).isCompletedWithValue(Optional.of("a"));
    }

    @Test
    void stopEndsAllWaits() {
        CompletableFuture<Optional<String>> wait = poll.take(HOUR);
        poll.stop();

        assertThat(wait).isCompletedWithValue(Optional.empty());
        assertThat(poll.take(HOUR)).isCompletedWithValue(Optional.empty());
    }
}
