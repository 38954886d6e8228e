package io.backprop.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import tools.jackson.databind.json.JsonMapper;

/** Writes problems for requests that are rejected before they reach a controller. */
@Component
public class ProblemWriter {

    private final JsonMapper mapper;
    private final List<ErrorResponse.Interceptor> interceptors;

    public ProblemWriter(JsonMapper mapper, List<ErrorResponse.Interceptor> interceptors) {
        this.mapper = mapper;
        this.interceptors = interceptors;
    }

    /** Responds with a problem, from a filter. Headers that have been set remain. */
    public void write(ProblemDetail problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] body = mapper.writeValueAsBytes(prepared(problem, request));
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** Returns a problem as JSON, with the path of the request as its instance. */
    public String toJson(ProblemDetail problem, HttpServletRequest request) {
        return mapper.writeValueAsString(prepared(problem, request));
    }

    private ProblemDetail prepared(ProblemDetail problem, HttpServletRequest request) {
        interceptors.forEach(interceptor -> interceptor.handleError(problem, null));
        problem.setInstance(toUri(request.getRequestURI()));
        return problem;
    }

    private static @Nullable URI toUri(@Nullable String path) {
        try {
            return path == null ? null : new URI(path);
        } catch (URISyntaxException e) {
            return null; // the reason of the rejection
        }
    }
}
