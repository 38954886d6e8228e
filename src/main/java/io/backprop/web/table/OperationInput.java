package io.backprop.web.table;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/**
 * What a controller's method takes from a request.
 *
 * @param parameters names of the query parameters that are arguments of the method
 * @param body type of the body; null if the method takes none
 */
record OperationInput(Set<String> parameters, @Nullable Class<?> body) {

    private static final List<MediaType> FILES =
            List.of(MediaType.APPLICATION_OCTET_STREAM, MediaType.parseMediaType("application/zip"));

    private static final Map<Method, OperationInput> CACHE = new ConcurrentHashMap<>();

    static OperationInput of(HandlerMethod handler) {
        return CACHE.computeIfAbsent(handler.getMethod(), method -> of(handler.getMethodParameters()));
    }

    private static OperationInput of(MethodParameter[] arguments) {
        Set<String> parameters = new TreeSet<>();
        Class<?> body = null;
        for (MethodParameter argument : arguments) {
            RequestParam annotation = argument.getParameterAnnotation(RequestParam.class);
            if (annotation != null) {
                parameters.add(
                        annotation.name().isEmpty() ? argument.getParameter().getName() : annotation.name());
            }
            if (argument.hasParameterAnnotation(RequestBody.class)) {
                body = argument.getParameterType();
            }
        }
        return new OperationInput(parameters, body);
    }

    /** The fields of the body that query parameters set if the body is a table. */
    QueryFields fields() {
        return body != null && body.isRecord() ? QueryFields.of(body) : QueryFields.NONE;
    }

    /** The types of bodies. */
    List<MediaType> mediaTypes() {
        if (body == InputStreamResource.class) {
            return FILES;
        }
        List<MediaType> types = new ArrayList<>(List.of(MediaType.APPLICATION_JSON));
        if (takesTable()) {
            types.addAll(TableTypes.ALL);
        }
        return types;
    }

    boolean takesTable() {
        return body != null && RowsRequest.class.isAssignableFrom(body);
    }
}
