package io.backprop.limits;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketListener;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LockFreeBucket;
import java.time.Duration;
import java.util.List;

/** Limits the rate of each client by a token bucket. A client is anything with {@code equals}, such as an address. */
public final class RateLimiter {
    /*
     * The number of buckets is bounded, so that any number of clients need little memory (SpoofedClientsTests). Caffeine keeps
     * the buckets that are used most: those of a client that sends much stay, while thousands of clients with a single
     * request each replace one another's. A client whose bucket is dropped gets a full one. This only helps a client with
     * more addresses than there are buckets, and all these together may send more than the service can answer anyway.
     */

    static final int MAX_BUCKETS = 10_000; // 3.5 MB

    private final long capacity;
    private final Duration burst;
    private final LoadingCache<Object, Bucket> buckets;

    /**
     * Creates a limiter.
     *
     * @param rate requests per second, at least 1
     * @param burst the time after which an unused bucket is full; its capacity is what the rate permits in this time
     * @param time the clock
     */
    public RateLimiter(int rate, Duration burst, TimeMeter time) {
        this.capacity = rate * burst.toSeconds();
        this.burst = burst;
        BucketConfiguration configuration = new BucketConfiguration(List.of(Bandwidth.builder()
                .capacity(capacity)
                .refillGreedy(rate, Duration.ofSeconds(1))
                .build()));
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_BUCKETS)
                .executor(Runnable::run)
                .build(client ->
                        new LockFreeBucket(configuration, MathType.INTEGER_64_BITS, time, BucketListener.NOPE));
    }

    /** Takes a token of a client's bucket, if there is one. */
    public boolean tryAcquire(Object client) {
        return buckets.get(client).tryConsume(1);
    }

    /** Takes tokens of a client's bucket even if there are fewer: the client has to wait until the debt is paid. */
    public void charge(Object client, int tokens) {
        buckets.get(client).consumeIgnoringRateLimits(tokens);
    }

    /** Time until a client's bucket has a token. */
    public Duration timeToToken(Object client) {
        return Duration.ofNanos(buckets.get(client).estimateAbilityToConsume(1).getNanosToWaitForRefill());
    }

    /** Number of tokens in a full bucket: the requests that are permitted in the time of a burst. */
    public long capacity() {
        return capacity;
    }

    /** Number of seconds after which an unused bucket is full. */
    public long burstSeconds() {
        return burst.toSeconds();
    }

    /** Number of buckets. */
    long size() {
        return buckets.estimatedSize();
    }
}
