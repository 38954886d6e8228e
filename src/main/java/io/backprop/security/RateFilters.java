package io.backprop.security;

import io.backprop.limits.RateLimiter;
import io.backprop.limits.RateProperties;
import io.backprop.web.problem.ProblemWriter;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Creates the filters that limit the rates of requests. On a service that only its own machine can reach, and that needs no
 * key, there are none unless their rates are configured.
 */
@Component
class RateFilters {

    private final RateProperties properties;
    private final Environment environment;
    private final boolean isExposed;
    private final AccessRules rules;
    private final ProblemWriter problems;

    RateFilters(
            RateProperties properties,
            Environment environment,
            Protection protection,
            AccessRules rules,
            ProblemWriter problems) {
        this.properties = properties;
        this.environment = environment;
        this.isExposed = protection == Protection.KEYS || !Protection.isLoopbackOnly(environment);
        this.rules = rules;
        this.problems = problems;
    }

    /** Before keys are checked, so that it bounds how many can be tried. */
    List<Filter> byAddress() {
        return filters("address", properties.address(), request -> ClientAddress.of(request.getRemoteAddr()));
    }

    List<Filter> byKey() {
        return filters("key", properties.key(), request -> CurrentKey.name());
    }

    private List<Filter> filters(String policy, int rate, Function<HttpServletRequest, @Nullable Object> clientOf) {
        boolean applies = isExposed || environment.containsProperty("backprop.rates." + policy);
        return applies && rate > 0
                ? List.of(new RateFilter(
                        policy,
                        new RateLimiter(rate, properties.burst(), TimeMeter.SYSTEM_NANOTIME),
                        clientOf,
                        rules::isProbe,
                        problems))
                : List.of();
    }
}
