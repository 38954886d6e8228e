package io.backprop.security;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What one request may ask for.
 *
 * @param body of a request
 * @param layers of one model
 * @param units of one layer
 * @param parameters of one model
 * @param epochs of one training
 * @param work of one training in floating-point operations: examples × epochs × parameters × 6
 * @param time of one training
 */
@ConfigurationProperties("backprop.limits")
public record RequestLimits(
        @DefaultValue("64MB") DataSize body,
        @DefaultValue("64") int layers,
        @DefaultValue("8192") int units,
        @DefaultValue("50000000") long parameters,
        @DefaultValue("1000000") int epochs,
        @DefaultValue("1e16") double work,
        @DefaultValue("PT1H") Duration time) {

    public RequestLimits {
        requireArgument(body.toBytes() >= 1, "backprop.limits.body must be at least 1 byte, but was %s", body);
        requireArgument(layers >= 1, "backprop.limits.layers must be at least 1, but was %d", layers);
        requireArgument(units >= 1, "backprop.limits.units must be at least 1, but was %d", units);
        requireArgument(parameters >= 1, "backprop.limits.parameters must be at least 1, but was %d", parameters);
        requireArgument(epochs >= 1, "backprop.limits.epochs must be at least 1, but was %d", epochs);
        requireArgument(work >= 1, "backprop.limits.work must be at least 1, but was %s", work);
        requireArgument(
                !time.isNegative() && !time.isZero(), "backprop.limits.time must be longer than 0, but was %s", time);
    }
}
