package io.backprop.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
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
    private final ErrorFormats formats;

    public ProblemWriter(JsonMapper mapper, List<ErrorResponse.Interceptor> interceptors, ErrorFormats formats) {
        this.mapper = mapper;
        this.interceptors = interceptors;
        this.formats = formats;
    }

    /** Responds with a problem, from a filter. Headers that have been set remain. */
    public void write(ProblemDetail problem, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] body = toJson(problem, request, response).getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /**
     * Returns a problem as JSON in the format of the path, with the path of the request as its instance, and sets the status
     * and the type of the response.
     */
    public String toJson(ProblemDetail problem, HttpServletRequest request, HttpServletResponse response) {
        interceptors.forEach(interceptor -> interceptor.handleError(problem, null));
        problem.setInstance(toUri(request.getRequestURI()));
        Optional<ErrorFormat> format = formats.find(request);
        int status = problem.getStatus();
        response.setStatus(format.map(found -> found.statusOf(status)).orElse(status));
        response.setContentType(
                format.isPresent() ? MediaType.APPLICATION_JSON_VALUE : MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        return mapper.writeValueAsString(
                format.map(found -> found.bodyOf(problem)).orElse(problem));
    }

    private static @Nullable URI toUri(@Nullable String path) {
        try {
            return path == null ? null : new URI(path);
        } catch (URISyntaxException e) {
            return null; // the reason of the rejection
        }
    }
}
