package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.Await;
import io.backprop.spark.Claim.Stop;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClaimTests {

    private final AtomicInteger cancelled = new AtomicInteger();

    @Test
    void stopsIfTheRenewalAnswersACancellation() {
        try (Claim claim = new Claim("work", () -> Stop.KEEP, cancelled::incrementAndGet)) {
            Await.until(() -> claim.stop() == Stop.KEEP);
            Await.until(() -> cancelled.get() == 1);
        }
    }

    @Test
    void stopsIfTheClaimIsLost() {
        try (Claim claim = new Claim(
                "work",
                () -> {
                    throw new ServiceException.ClaimLost("status 409");
                },
                cancelled::incrementAndGet)) {
            Await.until(() -> claim.stop() == Stop.LOST);
        }
    }

    @Test
    void continuesWhileTheServiceIsUnavailable() {
        AtomicInteger renewals = new AtomicInteger();
        try (Claim claim = new Claim(
                "work",
                () -> {
                    renewals.incrementAndGet();
                    throw new ServiceException.Unavailable("down");
                },
                cancelled::incrementAndGet)) {
            Await.until(() -> renewals.get() >= 2);
            assertThat(claim.stop()).isNull();
            assertThat(cancelled).hasValue(0);
        }
    }

    @Test
    void strongerStopOverrulesAWeakerOne() {
        try (Claim claim = new Claim("work", () -> null, cancelled::incrementAndGet)) {
            claim.stop(Stop.SHUTDOWN);
            claim.stop(Stop.KEEP);
            assertThat(claim.stop()).isEqualTo(Stop.SHUTDOWN);
            claim.stop(Stop.LOST);
            assertThat(claim.stop()).isEqualTo(Stop.LOST);
        }
    }

    @Test
    void repeatsARequestUntilTheServiceIsAvailable() {
        AtomicInteger attempts = new AtomicInteger();
        try (Claim claim = new Claim("work", () -> null, cancelled::incrementAndGet)) {
            claim.stop(Stop.KEEP); // which needs a result
            int answer = claim.untilAvailable(() -> {
                if (attempts.incrementAndGet() < 2) {
                    throw new ServiceException.Unavailable("down");
                }
                return attempts.get();
            });
            assertThat(answer).isEqualTo(2);
        }
    }

    @Test
    void repeatsNoRequestAfterShutdown() {
        try (Claim claim = new Claim("work", () -> null, cancelled::incrementAndGet)) {
            claim.stop(Stop.SHUTDOWN);
            assertThatThrownBy(() -> claim.untilAvailable(() -> {
                        throw new ServiceException.Unavailable("down");
                    }))
                    .isInstanceOf(Claim.StoppedException.class);
        }
    }

    @Test
    void shutdownStopsTheClaimAndThenEndsTheWork() throws InterruptedException {
        Shutdown shutdown = new Shutdown();
        shutdown.begin(Thread.currentThread());
        Thread hook = new Thread(shutdown);
        try (Claim claim = new Claim("work", () -> null, cancelled::incrementAndGet)) {
            shutdown.protect(claim);
            hook.start();
            Await.until(() -> claim.stop() == Stop.SHUTDOWN);
            assertThatThrownBy(shutdown::release).isInstanceOf(InterruptedException.class);
            assertThat(hook.isAlive()).isTrue();
        } finally {
            shutdown.end();
        }
        hook.join();
    }

    @Test
    void shutdownInterruptsADriverThatWaitsForWork() throws InterruptedException {
        Shutdown shutdown = new Shutdown();
        shutdown.begin(Thread.currentThread());
        Thread hook = new Thread(shutdown);
        hook.start();
        assertThatThrownBy(() -> Thread.sleep(Await.TIMEOUT.toMillis())).isInstanceOf(InterruptedException.class);
        shutdown.end();
        hook.join();
    }
}
