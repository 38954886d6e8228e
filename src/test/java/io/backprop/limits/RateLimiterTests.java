package io.backprop.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestProperties;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimiterTests {

    private static final int RATE = 10;
    private static final int BURST = 5;

    private final ManualTime time = new ManualTime();
    private final RateLimiter limiter = new RateLimiter(RATE, Duration.ofSeconds(BURST), time);

    private static final class ManualTime implements TimeMeter {

        private long nanos;

        void advance(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    @Test
    void permitsABurstThenTheRate() {
        assertThat(acquire("a", 100)).isEqualTo(RATE * BURST);
        assertThat(limiter.timeToToken("a")).isEqualTo(Duration.ofMillis(1000 / RATE));

        time.advance(Duration.ofSeconds(1));
        assertThat(acquire("a", 100)).isEqualTo(RATE);

        time.advance(Duration.ofHours(1));
        assertThat(acquire("a", 100)).isEqualTo(RATE * BURST);
    }

    @Test
    void limitsEachClientSeparately() {
        acquire("a", 100);

        assertThat(acquire("b", 100)).isEqualTo(RATE * BURST);
    }

    @Test
    void chargesMoreThanThereIs() {
        acquire("a", RATE * BURST - 1);
        limiter.charge("a", 1 + 2 * RATE);

        assertThat(limiter.tryAcquire("a")).isFalse();
        assertThat(limiter.timeToToken("a")).isEqualTo(Duration.ofMillis(2_100));
        time.advance(Duration.ofMillis(2_100));
        assertThat(acquire("a", 100)).isEqualTo(1);
    }

    /** Any number of clients do not give one that sends much a full bucket again. */
    @Test
    void keepsTheBucketOfABusyClientAmongMany() {
        int permitted = 0;
        for (int other = 0; other < 5 * RateLimiter.MAX_BUCKETS; other++) {
            permitted += acquire("busy", 1);
            acquire(other, 1);
        }

        assertThat(permitted).isEqualTo(RATE * BURST);
        assertThat(limiter.size()).isEqualTo(RateLimiter.MAX_BUCKETS);
    }

    @Test
    void readmeListsDefaults() {
        TestProperties.assertReadmeListsDefaults(RateProperties.class);
    }

    private int acquire(Object client, int times) {
        return (int) IntStream.range(0, times)
                .filter(i -> limiter.tryAcquire(client))
                .count();
    }
}
