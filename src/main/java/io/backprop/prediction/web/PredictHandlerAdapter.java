package io.backprop.prediction.web;

import static java.util.Objects.requireNonNull;

import io.backprop.web.table.PredictRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Conventions;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.BindingResult;
import org.springframework.validation.Validator;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerAdapter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls {@link PredictionController#predict} for a few rows of numbers without what Spring does for any method: to create a
 * binder for each parameter, to copy the headers, to choose among converters and media types. That takes as long as the
 * rest of such a request (PredictThroughput in src/bench). The responses are the same (PredictHandlerAdapterTests).
 */
@Component
class PredictHandlerAdapter implements HandlerAdapter, Ordered {

    private static final int BODY = 3; // index of the parameter
    private static final int MAX_LENGTH = 1 << 12; // bytes of a body

    private final PredictionController controller;
    private final RequestMappingHandlerAdapter general;
    private final Validator validator;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    PredictHandlerAdapter(
            PredictionController controller,
            RequestMappingHandlerAdapter general,
            @Qualifier("mvcValidator") Validator validator,
            JsonMapper mapper) {
        this.controller = controller;
        this.general = general;
        this.validator = validator;
        this.reader = mapper.readerFor(PredictRequest.class);
        this.writer = mapper.writerFor(PredictResponse.class);
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public boolean supports(Object handler) {
        return handler instanceof HandlerMethod method
                && method.getBeanType() == PredictionController.class
                && method.getMethod().getName().equals("predict");
    }

    @Override
    public @Nullable ModelAndView handle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws Exception {
        if (!isPlain(request)) {
            return general.handle(request, response, handler);
        }
        PredictRequest body = read(request);
        if (body.missing() != null) { // the only field with constraints
            validate(body, ((HandlerMethod) handler).getMethodParameters()[BODY]);
        }
        byte[] answer = writer.writeValueAsBytes(controller.predict(id(request), null, null, body));
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(answer.length);
        response.getOutputStream().write(answer);
        return null;
    }

    private static boolean isPlain(HttpServletRequest request) {
        int length = request.getContentLength();
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return length > 0
                && length <= MAX_LENGTH
                && request.getQueryString() == null
                && MediaType.APPLICATION_JSON_VALUE.equals(request.getContentType())
                && (accept == null
                        || accept.equals(MediaType.ALL_VALUE)
                        || accept.equals(MediaType.APPLICATION_JSON_VALUE));
    }

    private PredictRequest read(HttpServletRequest request) throws IOException {
        try {
            PredictRequest body = reader.readValue(request.getInputStream());
            if (body != null) {
                return body;
            }
            throw new HttpMessageNotReadableException("the body is null", new ServletServerHttpRequest(request));
        } catch (JacksonException e) {
            throw new HttpMessageNotReadableException("JSON parse error", e, new ServletServerHttpRequest(request));
        }
    }

    private void validate(PredictRequest body, MethodParameter parameter) throws MethodArgumentNotValidException {
        BindingResult result = new BeanPropertyBindingResult(body, Conventions.getVariableNameForParameter(parameter));
        validator.validate(body, result);
        if (result.hasErrors()) {
            throw new MethodArgumentNotValidException(parameter, result);
        }
    }

    private static String id(HttpServletRequest request) {
        Map<?, ?> variables =
                (Map<?, ?>) requireNonNull(request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE));
        return (String) requireNonNull(variables.get("id"));
    }
}
