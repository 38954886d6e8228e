package io.backprop.web.server;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ProblemWriter;
import io.backprop.web.problem.ValueDescriptions;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses a body of all types at once, for which Spring has no answer but an exception without a type of its own. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ContentTypeFilter extends OncePerRequestFilter {

    private final ProblemWriter writer;

    ContentTypeFilter(ProblemWriter writer) {
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = request.getContentType();
        if (isRange(type)) {
            String detail =
                    "the body's Content-Type must be a single type, but was " + ValueDescriptions.received(type);
            writer.write(ProblemType.UNSUPPORTED_MEDIA_TYPE.problem(detail), request.getRequestURI(), response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean isRange(@Nullable String type) {
        try {
            return type != null && !MediaType.parseMediaType(type).isConcrete();
        } catch (InvalidMediaTypeException e) {
            return false; // and refused where it is known what the body may be
        }
    }
}
