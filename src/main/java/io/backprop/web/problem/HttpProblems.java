package io.backprop.web.problem;

import io.backprop.limits.MemoryBusyException;
import io.backprop.web.json.JsonExpectations;
import io.backprop.web.json.JsonNumbers;
import io.backprop.web.json.JsonProblems;
import io.backprop.web.server.BodyTooLargeException;
import io.backprop.web.server.DamagedGzipException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.util.ClassUtils;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;

/** What Spring finds wrong with a request before a controller sees it, as problems. */
abstract class HttpProblems extends ResponseEntityExceptionHandler {

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (isCommitted(request) || DisconnectedClientHelper.isClientDisconnectedException(e)) {
            return null;
        }
        if (status.is5xxServerError()) {
            logger.error("A request failed", e);
        }
        ProblemDetail problem = e instanceof HttpMediaTypeNotSupportedException unsupported
                ? mediaTypeProblem(unsupported, request.getHeader(HttpHeaders.CONTENT_TYPE))
                : problemOf(e, status);
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (problem.getStatus() == ProblemType.UNAVAILABLE.status().value()) {
            all.set(HttpHeaders.RETRY_AFTER, Long.toString(MemoryBusyException.RETRY_AFTER.toSeconds()));
        }
        return super.handleExceptionInternal(e, problem, all, HttpStatusCode.valueOf(problem.getStatus()), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return handleExceptionInternal(e, null, headers, status, request); // without the warning in the log
    }

    /** A converter that fails says why; without a cause there is none, as the client accepts the type in another charset. */
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotWritable(
            HttpMessageNotWritableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        HttpStatusCode blamed = e.getCause() == null ? HttpStatus.NOT_ACCEPTABLE : status;
        return handleExceptionInternal(e, null, headers, blamed, request);
    }

    /** Too late for another answer. */
    static boolean isCommitted(WebRequest request) {
        return request instanceof ServletWebRequest servlet
                && servlet.getResponse() != null
                && servlet.getResponse().isCommitted();
    }

    private static ProblemDetail problemOf(Exception e, HttpStatusCode status) {
        if (e instanceof HttpMessageNotReadableException unreadable) {
            return bodyProblem(unreadable);
        }
        if (e instanceof MethodArgumentNotValidException invalid) {
            return ProblemType.INVALID_FIELD.problem(ValidationProblems.of(invalid.getBindingResult()));
        }
        if (e instanceof HandlerMethodValidationException invalid) {
            return ProblemType.INVALID_FIELD.problem(ValidationProblems.of(invalid));
        }
        if (e instanceof MethodArgumentTypeMismatchException mismatch) {
            return parameterProblem(mismatch.getName(), mismatch);
        }
        if (e instanceof MissingServletRequestParameterException missing) {
            return missing(missing.getParameterName());
        }
        if (e instanceof MissingRequestHeaderException missing) {
            return missing(missing.getHeaderName());
        }
        return routingProblem(e, status);
    }

    private static ProblemDetail routingProblem(Exception e, HttpStatusCode status) {
        if (e instanceof NoResourceFoundException || e instanceof NoHandlerFoundException) {
            return ProblemType.NOT_FOUND.problem("there is nothing at this path");
        }
        if (e instanceof HttpRequestMethodNotSupportedException unsupported) {
            String[] allowed = unsupported.getSupportedMethods();
            return ProblemType.METHOD_NOT_ALLOWED.problem(unsupported.getMethod() + " is not allowed here; allowed: "
                    + String.join(", ", allowed == null ? new String[0] : allowed));
        }
        if (e instanceof HttpMediaTypeNotAcceptableException unacceptable
                && !unacceptable.getSupportedMediaTypes().isEmpty()) {
            return ProblemType.NOT_ACCEPTABLE.problem("the answer can't be given as the Accept header asks; available: "
                    + join(unacceptable.getSupportedMediaTypes()));
        }
        return ProblemType.of(status);
    }

    /** Tells the header as it was sent, since Spring knows no type where it could not read one. */
    private static ProblemDetail mediaTypeProblem(HttpMediaTypeNotSupportedException e, @Nullable String received) {
        return ProblemType.UNSUPPORTED_MEDIA_TYPE.problem("the body must be " + join(e.getSupportedMediaTypes()) + ", "
                + (received == null ? "but no Content-Type was given" : "but was " + received));
    }

    private static ProblemDetail bodyProblem(HttpMessageNotReadableException e) {
        Throwable cause = e.getCause();
        if (cause instanceof JacksonIOException && cause.getCause() instanceof IOException failure) {
            return transferProblem(failure);
        }
        if (cause instanceof JacksonException unreadable) {
            return unreadable.getCause() instanceof MemoryBusyException busy
                    ? ProblemType.UNAVAILABLE.problem(busy.getMessage())
                    : JsonProblems.of(unreadable);
        }
        if (cause instanceof IOException failure) {
            return transferProblem(failure);
        }
        return ProblemType.UNREADABLE_BODY.problem("the request must have a body, but has none");
    }

    /** The body did not arrive as it should. */
    static ProblemDetail transferProblem(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException) {
                return ProblemType.BODY_TOO_LARGE.problem(cause.getMessage());
            }
            if (cause instanceof DamagedGzipException) {
                return ProblemType.UNREADABLE_BODY.problem(cause.getMessage());
            }
            if (cause instanceof SocketTimeoutException) {
                return ProblemType.REQUEST_TIMEOUT.problem("the body did not arrive in time");
            }
        }
        return ProblemType.UNREADABLE_BODY.problem("the body ends before it should");
    }

    private static ProblemDetail parameterProblem(String name, TypeMismatchException e) {
        return ProblemType.UNREADABLE_PARAMETER.problem(
                FieldProblem.parameter(name, mismatch(e.getRequiredType(), e.getValue())));
    }

    private static String mismatch(@Nullable Class<?> type, @Nullable Object received) {
        if (received instanceof Object[]) {
            return "is given more than once";
        }
        String rule = JsonExpectations.expected(type);
        if (type != null
                && Number.class.isAssignableFrom(ClassUtils.resolvePrimitiveIfNecessary(type))
                && StrictParameters.isWholeNumber(received)) {
            rule = JsonNumbers.inRangeOf(type);
        }
        return "must be " + rule + ", but was " + Received.value(received);
    }

    private static ProblemDetail missing(String name) {
        return ProblemType.INVALID_FIELD.problem(FieldProblem.parameter(name, "is required"));
    }

    private static String join(List<MediaType> types) {
        return types.stream()
                .filter(MediaType::isConcrete)
                .map(MediaType::toString)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
