package io.backprop.web.server;

import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ProblemWriter;
import io.backprop.web.problem.ValueDescriptions;
import io.backprop.web.table.TableTypes;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses a body that says it is too large before it is read, and one that doesn't say as soon as it is; unpacks gzip;
 * counts the memory that JSON becomes.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class BodyFilter extends OncePerRequestFilter {

    private static final String IDENTITY = "identity";
    private static final String GZIP = "gzip";
    private static final Set<String> KNOWN = Set.of(IDENTITY, GZIP, "x-gzip"); // RFC 9110 §8.4.1.3

    private static final int MEMORY_OF_JSON = 2; // bytes for each: "1," becomes a float

    private final RequestLimits limits;
    private final MemoryBudget memory;
    private final ProblemWriter writer;

    BodyFilter(RequestLimits limits, MemoryBudget memory, ProblemWriter writer) {
        this.limits = limits;
        this.memory = memory;
        this.writer = writer;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean table = TableTypes.include(request.getContentType());
        long limit = (table ? limits.stream() : limits.body()).toBytes();
        String encoding = encoding(request);
        long length = request.getContentLengthLong();
        if (!KNOWN.contains(encoding) || !(table || encoding.equals(IDENTITY))) {
            response.setHeader(HttpHeaders.ACCEPT_ENCODING, table ? GZIP : IDENTITY); // RFC 9110 §15.5.16
            writer.write(unsupported(encoding, table), request.getRequestURI(), response);
        } else if (length > limit) {
            ProblemDetail problem = ProblemType.BODY_TOO_LARGE.problem(
                    "the body must have at most " + limit + " bytes, but has " + length);
            writer.write(problem, request.getRequestURI(), response);
        } else if (!encoding.equals(IDENTITY)) {
            try (UnpackedRequest unpacked = new UnpackedRequest(request, limit)) {
                chain.doFilter(unpacked, response);
            }
        } else {
            LongConsumer reading = table ? bytes -> {} : bytes -> memory.take(MEMORY_OF_JSON * bytes);
            chain.doFilter(new CountedRequest(request, limit, reading), response);
        }
    }

    private static String encoding(HttpServletRequest request) {
        List<String> encodings = Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING));
        String encoding = String.join(", ", encodings).trim().toLowerCase(Locale.ROOT);
        return encoding.isEmpty() ? IDENTITY : encoding;
    }

    private static ProblemDetail unsupported(String encoding, boolean table) {
        String rule = table
                ? "the body's Content-Encoding must be gzip or none"
                : "only bodies of text/csv and application/x-ndjson may have a Content-Encoding";
        return ProblemType.UNSUPPORTED_MEDIA_TYPE.problem(rule + ", but was " + ValueDescriptions.received(encoding));
    }
}
