package io.backprop.web.table;

import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.SimilarNames;
import io.backprop.web.problem.UnreadableBodyException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.HandlerTypePredicate;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Rejects input that Spring would ignore: unknown and repeated query parameters, and a body where none is expected
 * (IgnoredInputTests). Applies to the controllers of the service, not to resources, the OpenAPI document and Actuator.
 */
@Component
class IgnoredInputInterceptor implements HandlerInterceptor, WebMvcConfigurer {

    private static final HandlerTypePredicate CONTROLLERS = HandlerTypePredicate.forBasePackage("io.backprop");

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws UnreadableBodyException, HttpMediaTypeNotSupportedException {
        if (handler instanceof HandlerMethod method && CONTROLLERS.test(method.getBeanType())) {
            OperationInput input = OperationInput.of(method);
            if (input.body() != null && TableTypes.isForm(request.getContentType())) { // its fields would be parameters
                throw new HttpMediaTypeNotSupportedException(
                        MediaType.parseMediaType(request.getContentType()), input.mediaTypes());
            }
            if (request.getQueryString() != null) {
                checkQuery(request, input);
            }
            if (input.body() == null && hasBody(request)) {
                throw new UnreadableBodyException(
                        ProblemType.UNREADABLE_BODY,
                        "this operation takes no body"
                                + (input.parameters().isEmpty()
                                        ? ""
                                        : "; its options are query parameters: "
                                                + String.join(", ", input.parameters())));
            }
        }
        return true;
    }

    private static void checkQuery(HttpServletRequest request, OperationInput input) {
        boolean besideJson = input.body() != null && TableTypes.isJson(request.getContentType());
        QueryFields options = input.takesTable() && !besideJson ? input.fields() : QueryFields.NONE;
        request.getParameterMap().forEach((name, values) -> {
            if (!input.parameters().contains(name) && !options.haveParameter(name)) {
                throw unreadable(name, besideJson ? unknownBesideJson(name, input) : unknown(name, input, options));
            }
            if (values.length > 1 && !options.isRepeatable(name)) {
                throw unreadable(name, "is given more than once");
            }
        });
    }

    private static String unknown(String name, OperationInput input, QueryFields options) {
        Set<String> known = new TreeSet<>(input.parameters());
        known.addAll(options.names());
        return known.isEmpty() ? "is unknown here; no parameters are known" : SimilarNames.describeUnknown(name, known);
    }

    private static String unknownBesideJson(String name, OperationInput input) {
        Set<String> similar = new TreeSet<>(input.parameters());
        similar.addAll(input.fields().names());
        String nearest = input.fields().haveParameter(name)
                ? ""
                : SimilarNames.nearest(name, similar)
                        .map(found -> "; did you mean " + found + "?")
                        .orElse("");
        String known = input.parameters().isEmpty()
                ? ""
                : (nearest.isEmpty() ? ". " : " ") + "Known in the query: " + String.join(", ", input.parameters());
        return "is unknown in the query; options of a JSON request belong in its body" + nearest + known;
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    private static ErrorResponseException unreadable(String name, String detail) {
        return ProblemType.UNREADABLE_PARAMETER.exception(FieldProblem.parameter(name, detail));
    }
}
