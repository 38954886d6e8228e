package io.backprop.limits;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits on the rate of requests, for each replica. 0 is no limit.
 *
 * @param address requests per second of a client's address; of an IPv6 address, of its /64 network
 * @param key requests per second with a key
 * @param burst what a client saves while it sends less: as many requests at once as its rate permits in this time
 */
@Validated
@ConfigurationProperties("backprop.rates")
public record RateProperties(
        @DefaultValue("1000") @Min(0) @Max(MAX_RATE) int address,
        @DefaultValue("1000") @Min(0) @Max(MAX_RATE) int key,

        @DefaultValue("PT10S") @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration burst) {

    private static final int MAX_RATE = 1_000_000;
}
