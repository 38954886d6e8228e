package io.backprop.web.table;

import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Names the parameter of the query instead of the JSON field in problems with a request in CSV or NDJSON. */
@ControllerAdvice
class QueryProblems implements ResponseBodyAdvice<Object> {

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType mediaType,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (body instanceof ProblemDetail problem && request instanceof ServletServerHttpRequest servlet) {
            QueryFields.of(servlet.getServletRequest()).ifPresent(fields -> rename(problem, fields));
        }
        return body;
    }

    private static void rename(ProblemDetail problem, QueryFields fields) {
        Map<String, Object> properties = problem.getProperties();
        if (properties == null || !(properties.get(ProblemType.ERRORS) instanceof List<?> errors)) {
            return;
        }
        List<FieldProblem> renamed = errors.stream()
                .map(FieldProblem.class::cast)
                .flatMap(error -> parameterOf(error, fields).stream())
                .toList();
        if (renamed.isEmpty()) {
            properties.remove(ProblemType.ERRORS);
        } else {
            properties.put(ProblemType.ERRORS, renamed);
            if (problem.getStatus() == ProblemType.UNREADABLE_FIELD.status().value()) {
                ProblemType.UNREADABLE_PARAMETER.applyTo(problem);
            }
        }
    }

    private static Optional<FieldProblem> parameterOf(FieldProblem error, QueryFields fields) {
        if (error.pointer() == null) {
            return Optional.of(error);
        }
        String path = error.pointer().replaceFirst("^/", "").replace('/', '.');
        String name = path.replace("~1", "/").replace("~0", "~");
        if (fields.contain(name)) {
            return Optional.of(new FieldProblem(null, name, error.detail(), error.sentence()));
        }
        String object = name.split("\\.", 2)[0]; // an object as JSON text
        return fields.haveParameter(object)
                ? Optional.of(new FieldProblem(null, object, error.sentence(), error.sentence()))
                : Optional.empty();
    }
}
