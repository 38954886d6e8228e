package io.backprop.web.json;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.databind.json.JsonMapper;

/** A body that need not be there is an object without fields where it is not. */
@ControllerAdvice
class EmptyBodies extends RequestBodyAdviceAdapter {

    private final JsonMapper mapper;

    EmptyBodies(JsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public boolean supports(MethodParameter body, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        RequestBody annotation = body.getParameterAnnotation(RequestBody.class);
        return annotation != null && !annotation.required();
    }

    @Override
    public Object handleEmptyBody(
            @Nullable Object none,
            HttpInputMessage message,
            MethodParameter body,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter) {
        return mapper.readValue("{}", body.getParameterType());
    }

    /** JSON may be null. */
    @Override
    public Object afterBodyRead(
            @Nullable Object read,
            HttpInputMessage message,
            MethodParameter body,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter) {
        return read == null ? handleEmptyBody(null, message, body, type, converter) : read;
    }
}
