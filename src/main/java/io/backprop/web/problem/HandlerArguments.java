package io.backprop.web.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/** What the controller's method asks for that a request has been given to. */
public final class HandlerArguments {

    private HandlerArguments() {}

    /** The type of the body. */
    public static Optional<Class<?>> bodyType(HttpServletRequest request) {
        return arguments(request)
                .filter(argument -> argument.hasParameterAnnotation(RequestBody.class))
                .<Class<?>>map(MethodParameter::getParameterType)
                .findFirst();
    }

    /** Names of single parameters of the query. */
    public static Set<String> parameters(HttpServletRequest request) {
        return arguments(request)
                .filter(argument -> argument.hasParameterAnnotation(RequestParam.class))
                .map(ValidationProblems::nameOf)
                .collect(Collectors.toSet());
    }

    private static Stream<MethodParameter> arguments(HttpServletRequest request) {
        return request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof HandlerMethod method
                ? Arrays.stream(method.getMethodParameters())
                : Stream.empty();
    }
}
