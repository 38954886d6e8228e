package io.backprop.web;

import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.table.TableTypes;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Digests the body of a request with an {@code Idempotency-Key} while it is read, and sets the {@link IdempotentRequest} as
 * an attribute of the request, if the operation takes it. Other requests cost nothing.
 */
@ControllerAdvice
class IdempotencyKeyAdvice extends RequestBodyAdviceAdapter {

    @Override
    public boolean supports(MethodParameter body, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        return List.of(body.getExecutable().getParameterTypes()).contains(IdempotentRequest.class);
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter body,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter)
            throws IOException {
        List<String> keys = message.getHeaders().getOrEmpty(IdempotentRequest.HEADER);
        if (keys.isEmpty()) {
            return message;
        }
        HttpServletRequest request =
                ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
        MessageDigest digest = sha256();
        String operation = body.getExecutable().getName(); // others may have the same body
        digest.update((operation + '\n').getBytes(StandardCharsets.UTF_8));
        String query = request.getQueryString();
        if (query != null && TableTypes.include(request.getContentType())) {
            digest.update((query + '\n').getBytes(StandardCharsets.UTF_8));
        }
        IdempotentRequest digested = new IdempotentRequest(
                requireValid(keys), message.getHeaders(), new DigestInputStream(message.getBody(), digest));
        request.setAttribute(IdempotentRequest.ATTRIBUTE, digested);
        return digested;
    }

    private static String requireValid(List<String> keys) {
        String key = keys.get(0);
        require(keys.size() == 1, "is given more than once");
        require(
                !key.isEmpty() && key.length() <= IdempotentRequest.MAX_LENGTH,
                "must have 1 to %d characters, but has %d".formatted(IdempotentRequest.MAX_LENGTH, key.length()));
        require(
                key.chars().allMatch(character -> character >= ' ' && character <= '~'),
                "must be printable ASCII, but was \"" + key + "\"");
        return key;
    }

    private static void require(boolean valid, String detail) {
        if (!valid) {
            throw ProblemType.UNREADABLE_PARAMETER.exception(FieldProblem.parameter(IdempotentRequest.HEADER, detail));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
