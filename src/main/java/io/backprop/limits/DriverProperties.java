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
 * Settings of the work that drivers on a cluster do.
 *
 * @param claimTimeout time without a sign of life after which the work of a driver goes to the next one
 * @param waits number of drivers that may wait for work, for each kind of work, and of requests that may wait for the end of
 *     the scoring of tables
 * @param scorings number of tables of a model that may wait for a driver, or be scored
 */
@Validated
@ConfigurationProperties("backprop.drivers")
public record DriverProperties(
        @DefaultValue("PT30S") @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration claimTimeout,

        @DefaultValue("100") @Min(1) @Max(10_000) int waits,
        @DefaultValue("10") @Min(1) @Max(1_000) int scorings) {}
