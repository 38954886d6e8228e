package io.backprop.training.web;

import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.table.TableTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Resolves {@link IdempotentRequest} arguments from the header {@code Idempotency-Key}. The body is digested while it is
 * read, which costs nothing if the request has no such header.
 */
@ControllerAdvice
class IdempotencyKeyResolver extends RequestBodyAdviceAdapter
        implements HandlerMethodArgumentResolver, WebMvcConfigurer {

    static final String HEADER = "Idempotency-Key";

    private static final int LONGEST = 255;
    private static final String DIGESTED = IdempotencyKeyResolver.class.getName() + ".digested";

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supports(MethodParameter body, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        return TrainingForm.class.isAssignableFrom(body.getParameterType());
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter body,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter)
            throws IOException {
        if (!message.getHeaders().containsHeader(HEADER)) {
            return message;
        }
        MessageDigest digest = sha256();
        ServletRequestAttributes request = (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
        if (body.getParameterType()
                == CrossValidateRequest.class) { // the same body would otherwise be the same request
            digest.update("cross-validate\n".getBytes(StandardCharsets.UTF_8));
        }
        String query = request.getRequest().getQueryString();
        if (query != null && TableTypes.include(request.getRequest().getContentType())) {
            digest.update((query + '\n').getBytes(StandardCharsets.UTF_8));
        }
        DigestedMessage digested =
                new DigestedMessage(message.getHeaders(), new DigestInputStream(message.getBody(), digest));
        request.setAttribute(DIGESTED, digested, RequestAttributes.SCOPE_REQUEST);
        return digested;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == IdempotentRequest.class;
    }

    @Override
    public @Nullable IdempotentRequest resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binderFactory) {
        String[] keys = request.getHeaderValues(HEADER);
        if (keys == null
                || !(request.getAttribute(DIGESTED, RequestAttributes.SCOPE_REQUEST)
                        instanceof DigestedMessage message)) {
            return null;
        }
        if (keys.length > 1) {
            throw ProblemType.UNREADABLE_PARAMETER.exception(FieldProblem.parameter(HEADER, "is given more than once"));
        }
        String key = keys[0];
        if (key.isEmpty() || key.length() > LONGEST) {
            throw ProblemType.UNREADABLE_PARAMETER.exception(FieldProblem.parameter(
                    HEADER, "must have 1 to %d characters, but has %d".formatted(LONGEST, key.length())));
        }
        if (!key.chars().allMatch(character -> character >= ' ' && character <= '~')) {
            throw ProblemType.UNREADABLE_PARAMETER.exception(
                    FieldProblem.parameter(HEADER, "must be printable ASCII, but was \"" + key + "\""));
        }
        return new IdempotentRequest(key, message);
    }

    /** A message whose body is digested while it is read. */
    record DigestedMessage(HttpHeaders headers, DigestInputStream body) implements HttpInputMessage {

        /** The digest of the whole body; reads what is left of it. To be called once. */
        String digest() {
            try {
                body.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new HttpMessageNotReadableException("the body can't be read", e, this);
            }
            return HexFormat.of().formatHex(body.getMessageDigest().digest());
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public InputStream getBody() {
            return body;
        }
    }
}
