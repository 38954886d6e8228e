package io.backprop.web.problem;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Writes the problems of controllers in the {@link ErrorFormat} of the path. */
@RestControllerAdvice
class ErrorFormatAdvice implements ResponseBodyAdvice<Object> {

    private final ErrorFormats formats;

    ErrorFormatAdvice(ErrorFormats formats) {
        this.formats = formats;
    }

    @Override
    public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
        return returned.getParameterType() == ResponseEntity.class;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returned,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        if (!(body instanceof ProblemDetail problem) || !(request instanceof ServletServerHttpRequest http)) {
            return body;
        }
        Optional<ErrorFormat> format = formats.find(http.getServletRequest());
        if (format.isEmpty()) {
            return body;
        }
        response.setStatusCode(HttpStatusCode.valueOf(format.get().statusOf(problem.getStatus())));
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        return format.get().bodyOf(problem);
    }
}
