package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A replica whose clock is ahead. A library that is loaded before the C library shifts the clock of its process; without a
 * C compiler, or without {@code -Dtest.load=full}, see DatabaseClockTests.
 */
@EnabledIfSystemProperty(named = "test.load", matches = "full")
class ClockSkewTests {

    private static final Duration TAKEOVER = Duration.ofSeconds(30);
    private static final String SHIFTED_CLOCK = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <stddef.h>
            #include <sys/time.h>
            #include <time.h>

            int clock_gettime(clockid_t clock, struct timespec *time) {
                int (*original)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
                int result = original(clock, time);
                if (clock == CLOCK_REALTIME) {
                    time->tv_sec += SHIFT;
                }
                return result;
            }

            int gettimeofday(struct timeval *time, void *zone) {
                int (*original)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
                int result = original(time, zone);
                time->tv_sec += SHIFT;
                return result;
            }
            """;

    @ParameterizedTest
    @ValueSource(ints = {20, 60})
    @Execution(ExecutionMode.CONCURRENT)
    void replicaWhoseClockIsAheadTakesOverOnlyFromTheDead(int seconds) throws Exception {
        String url = Postgres.shared().newDatabase();
        LongTraining training = new LongTraining("endless", 1_000_000);
        try (ChildService exact = start(url, Map.of())) {
            training.start(exact);
            training.awaitEpoch(exact, 1);
            try (ChildService ahead = start(url, Map.of("LD_PRELOAD", shiftedClock(seconds)))) {
                TimeUnit.SECONDS.sleep(TAKEOVER.toSeconds());
                assertThat(ahead.output()).doesNotContain("Training resumed");
                assertThat(exact.output()).doesNotContain("Training stopped");

                exact.kill();
                Duration first = untilResumed(ahead);
                try (ChildService other = start(url, Map.of())) {
                    TimeUnit.SECONDS.sleep(1); // a heartbeat
                    ahead.kill();
                    Duration second = untilResumed(other);
                    System.out.printf(
                            "Skew of +%d s: no takeover in 30 s; takeover %d ms after the death of the other, %d ms after its own%n",
                            seconds, first.toMillis(), second.toMillis());
                    assertThat(first).isLessThan(TAKEOVER);
                    assertThat(second).isLessThan(TAKEOVER);
                    training.cancel(other);
                }
            }
        }
    }

    private static ChildService start(String url, Map<String, String> environment) throws IOException {
        return ChildService.start(
                environment,
                TestFolders.create(),
                "-Dspring.datasource.url=" + url,
                "-Dbackprop.training.workers=1",
                "-Dbackprop.training.checkpoint-interval=PT0.2S");
    }

    private static Duration untilResumed(ChildService service) {
        long start = System.nanoTime();
        Await.until(() -> service.output().contains("Training resumed"));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static String shiftedClock(int seconds) throws IOException, InterruptedException {
        Path source = TestFolders.create().resolve("clock.c");
        Files.writeString(source, SHIFTED_CLOCK);
        String library = source.resolveSibling("clock.so").toString();
        int status = new ProcessBuilder(
                        Requirement.program("cc").toString(),
                        "-shared",
                        "-fPIC",
                        "-DSHIFT=" + seconds,
                        "-o",
                        library,
                        source.toString(),
                        "-ldl")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
        return library;
    }
}
