package io.backprop.web;

import io.backprop.security.RequestLimits;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses a body that says it is too large before it is read, and one that doesn't say as soon as it is. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class BodyLimitFilter extends OncePerRequestFilter {

    private final long limit;
    private final ProblemWriter writer;

    BodyLimitFilter(RequestLimits limits, ProblemWriter writer) {
        this.limit = limits.body().toBytes();
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long length = request.getContentLengthLong();
        if (length > limit) {
            ProblemDetail problem = ProblemType.BODY_TOO_LARGE.problem(
                    "the body must have at most " + limit + " bytes, but has " + length);
            writer.write(problem, request.getRequestURI(), response);
        } else if (length < 0) {
            chain.doFilter(new CountedRequest(request, limit), response);
        } else {
            chain.doFilter(request, response);
        }
    }
}
