package io.backprop.web.server;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Remembers the operation of a request for others of the same form. Spring would compare each request with all operations
 * whose path has a variable, which takes a tenth of the time of a small prediction (PredictThroughput in src/bench).
 */
final class OperationMapping extends RequestMappingHandlerMapping {
    /*
     * Of the operations whose path matches, the method and the types of the bodies select one. A path that ends with a
     * variable is not remembered, because each of its values would be another form.
     */

    private static final int MAX_FORMS = 1_000;
    private static final int MAX_TYPE_LENGTH = 100;

    private final Map<Form, Operation> remembered = new ConcurrentHashMap<>();

    private record Form(
            String method,
            String lastSegment,
            @Nullable String contentType,
            @Nullable String accept) {

        /** Returns null if the form says too little about the request. */
        static @Nullable Form of(HttpServletRequest request, String path) {
            Enumeration<String> types = request.getHeaders(HttpHeaders.ACCEPT);
            String accept = types.hasMoreElements() ? types.nextElement() : null;
            String contentType = request.getContentType();
            return types.hasMoreElements()
                            || HttpMethod.OPTIONS.matches(request.getMethod())
                            || isLong(accept)
                            || isLong(contentType)
                    ? null
                    : new Form(request.getMethod(), path.substring(path.lastIndexOf('/') + 1), contentType, accept);
        }

        private static boolean isLong(@Nullable String type) {
            return type != null && type.length() > MAX_TYPE_LENGTH;
        }
    }

    private record Operation(RequestMappingInfo mapping, PathPattern pattern, HandlerMethod handler) {

        boolean matches(HttpServletRequest request) {
            return pattern.matches(
                    ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication());
        }
    }

    /** Before the mapping of Actuator, which looks through all its endpoints. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    protected @Nullable HandlerMethod lookupHandlerMethod(String path, HttpServletRequest request) throws Exception {
        Form form = Form.of(request, path);
        Operation operation = form == null ? null : remembered.get(form);
        if (operation == null || !operation.matches(request)) {
            return super.lookupHandlerMethod(path, request);
        }
        request.setAttribute(BEST_MATCHING_HANDLER_ATTRIBUTE, operation.handler);
        super.handleMatch(operation.mapping, path, request);
        return operation.handler;
    }

    @Override
    protected void handleMatch(RequestMappingInfo mapping, String path, HttpServletRequest request) {
        super.handleMatch(mapping, path, request);
        Form form = Form.of(request, path);
        if (form != null
                && mapping.getPathPatternsCondition() != null
                && mapping.getParamsCondition().isEmpty()
                && mapping.getHeadersCondition().isEmpty()
                && request.getAttribute(BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof HandlerMethod handler) {
            PathPattern pattern = mapping.getPathPatternsCondition().getFirstPattern();
            if (pattern.getPatternString().endsWith("/" + form.lastSegment)) {
                if (remembered.size() >= MAX_FORMS) {
                    remembered.clear();
                }
                remembered.put(form, new Operation(mapping, pattern, handler));
            }
        }
    }
}
