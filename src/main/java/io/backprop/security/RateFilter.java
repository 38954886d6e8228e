package io.backprop.security;

import io.backprop.limits.RateLimiter;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ProblemWriter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Rejects requests of a client that sends too many, with the headers of draft-ietf-httpapi-ratelimit-headers. Other responses
 * do not have these headers.
 */
final class RateFilter implements Filter {

    /** Tokens that a wrong key costs beyond the request itself, so that guessing keys is slower than using one. */
    static final int WRONG_KEY = 49;

    private final String policy;
    private final RateLimiter limiter;
    private final Function<HttpServletRequest, @Nullable Object> clientOf;
    private final RequestMatcher unlimited;
    private final ProblemWriter problems;

    /**
     * Creates a filter.
     *
     * @param policy name of the policy, the last part of the property with its rate
     * @param clientOf the client whose rate is limited; null for a request that is not
     * @param unlimited the requests that are answered at any rate
     */
    RateFilter(
            String policy,
            RateLimiter limiter,
            Function<HttpServletRequest, @Nullable Object> clientOf,
            RequestMatcher unlimited,
            ProblemWriter problems) {
        this.policy = policy;
        this.limiter = limiter;
        this.clientOf = clientOf;
        this.unlimited = unlimited;
        this.problems = problems;
    }

    @Override
    public void doFilter(ServletRequest any, ServletResponse answer, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) any;
        HttpServletResponse response = (HttpServletResponse) answer;
        Object client = clientOf.apply(request);
        if (client == null) {
            chain.doFilter(request, response);
        } else if (limiter.tryAcquire(client) || unlimited.matches(request)) {
            chain.doFilter(request, response);
            if (response.getStatus() == HttpStatus.UNAUTHORIZED.value()
                    && request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
                limiter.charge(client, WRONG_KEY);
            }
        } else {
            reject(client, request, response);
        }
    }

    private void reject(Object client, HttpServletRequest request, HttpServletResponse response) throws IOException {
        long seconds = limiter.timeToToken(client).toSeconds() + 1;
        response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
        response.setHeader(
                "RateLimit-Policy", "\"%s\";q=%d;w=%d".formatted(policy, limiter.capacity(), limiter.burstSeconds()));
        response.setHeader("RateLimit", "\"%s\";r=0;t=%d".formatted(policy, seconds));
        problems.write(
                ProblemType.TOO_MANY_REQUESTS.problem(
                        "more than %d requests in %d s with the same %s (backprop.rates.%s); try again in %d s"
                                .formatted(limiter.capacity(), limiter.burstSeconds(), policy, policy, seconds)),
                request,
                response);
    }
}
