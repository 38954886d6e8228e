package io.backprop.web.problem;

import io.backprop.driver.ClaimLostException;
import io.backprop.driver.Packet;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.limits.BusyException;
import io.backprop.limits.LimitExceededException;
import io.backprop.limits.MemoryBusyException;
import io.backprop.limits.QuotaExceededException;
import io.backprop.tabular.TableException;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.util.ClassUtils;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Translates exceptions of Spring and of the packages below the web layer into problems, and every exception that no
 * other advice has handled. The advices of features therefore have {@code @Order(0)}, which precedes this one.
 */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final MediaType CSV = MediaType.parseMediaType("text/csv");
    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(LimitExceededException e) {
        return ProblemResponse.of(ProblemType.LIMIT_EXCEEDED.problem(FieldProblem.sentence(e.field(), e.getMessage())));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(QuotaExceededException e) {
        return ProblemResponse.of(ProblemType.QUOTA_EXCEEDED.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(BusyException e) {
        return ProblemResponse.of(ProblemType.UNAVAILABLE.problem(e.getMessage()), BusyException.RETRY_AFTER);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ClaimLostException e) {
        return ProblemResponse.of(ProblemType.CLAIM_LOST.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(Packet.MalformedException e) {
        return ProblemResponse.of(ProblemType.UNREADABLE_BODY.problem(e.getMessage()));
    }

    /** The actuator reads the header Accept by itself. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InvalidMimeTypeException e) {
        return ProblemResponse.of(ProblemType.NOT_ACCEPTABLE.problem("the header Accept is invalid"));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InvalidArgumentException e) {
        return ProblemResponse.of(ProblemType.INVALID_FIELD.problem(e.getMessage()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(TableException e) {
        String remedy = switch (e.kind()) {
            case NO_LINE_BREAKS ->
                "; perhaps its line breaks are missing: curl -d removes them, --data-binary keeps them";
            case JSON ->
                "; it needs the Content-Type application/json, or application/x-ndjson with an object in each line";
            case UNREADABLE, INVALID, TOO_LARGE -> "";
        };
        String detail = e.getMessage() + remedy;
        FieldProblem error = FieldProblem.sentence("rows", detail);
        return ProblemResponse.of(
                switch (e.kind()) {
                    case UNREADABLE, JSON -> ProblemType.UNREADABLE_BODY.problem(detail);
                    case INVALID, NO_LINE_BREAKS -> ProblemType.INVALID_FIELD.problem(error);
                    case TOO_LARGE -> ProblemType.LIMIT_EXCEEDED.problem(error);
                });
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(UnreadableBodyException e) {
        return ProblemResponse.of(UnreadableBodyException.problemOf(e));
    }

    /** Tomcat parses the query when a parameter is first requested. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(org.apache.tomcat.util.http.InvalidParameterException e) {
        return ProblemResponse.of(ProblemType.MALFORMED_REQUEST.problem("the query is not valid"));
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<ProblemDetail> handle(Exception e, ServletWebRequest request) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            return null;
        }
        String path = request.getRequest().getRequestURI();
        ResponseEntity<ProblemDetail> response;
        if (e.getCause() instanceof OutOfMemoryError error) { // Spring wraps errors thrown by controllers
            log.error("{} {} ran out of memory: {}", request.getHttpMethod(), path, error.getMessage());
            response = handle(new MemoryBusyException());
        } else {
            log.error("{} {} failed", request.getHttpMethod(), path, e);
            response = ProblemResponse.of(ProblemType.problemOf(HttpStatus.INTERNAL_SERVER_ERROR));
        }
        HttpServletResponse http = request.getResponse();
        return http != null && http.isCommitted() ? null : response;
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            return null;
        }
        if (status.is5xxServerError()) {
            log.error("A request failed", e);
        }
        ProblemDetail problem = problemOf(e, status, request);
        HttpHeaders all = new HttpHeaders();
        all.putAll(headers);
        all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return super.handleExceptionInternal(e, problem, all, HttpStatusCode.valueOf(problem.getStatus()), request);
    }

    /** Without a cause, the converter cannot write in the charset that the client accepts. */
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotWritable(
            HttpMessageNotWritableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        HttpStatusCode actual = e.getCause() == null ? HttpStatus.NOT_ACCEPTABLE : status;
        return handleExceptionInternal(e, null, headers, actual, request);
    }

    private static ProblemDetail problemOf(Exception e, HttpStatusCode status, WebRequest request) {
        if (e instanceof ErrorResponseException response && response.getBody().getType() != null) {
            return response.getBody();
        }
        if (e instanceof MethodArgumentNotValidException invalid) {
            return ProblemType.INVALID_FIELD.problem(ValidationProblems.of(invalid.getBindingResult()));
        }
        if (e instanceof HandlerMethodValidationException invalid) {
            return ProblemType.INVALID_FIELD.problem(ValidationProblems.of(invalid));
        }
        if (e instanceof MethodArgumentTypeMismatchException mismatch) {
            return ProblemType.UNREADABLE_PARAMETER.problem(
                    FieldProblem.parameter(mismatch.getName(), detailOf(mismatch)));
        }
        if (e instanceof MissingServletRequestParameterException missing) {
            return ProblemType.INVALID_FIELD.problem(FieldProblem.parameter(missing.getParameterName(), "is required"));
        }
        if (e instanceof NoResourceFoundException) {
            return ProblemType.NOT_FOUND.problem("there is nothing at this path");
        }
        if (e instanceof HttpRequestMethodNotSupportedException unsupported) {
            String[] allowed = unsupported.getSupportedMethods();
            return ProblemType.METHOD_NOT_ALLOWED.problem(unsupported.getMethod() + " is not allowed here; allowed: "
                    + String.join(", ", allowed == null ? new String[0] : allowed));
        }
        if (e instanceof HttpMediaTypeNotSupportedException unsupported) {
            String received = request.getHeader(HttpHeaders.CONTENT_TYPE); // the exception has no unparsable type
            return ProblemType.UNSUPPORTED_MEDIA_TYPE.problem("the body must be "
                    + join(unsupported.getSupportedMediaTypes()) + ", "
                    + (received == null ? "but no Content-Type was given" : "but was " + received)
                    + remedy(received, unsupported.getSupportedMediaTypes()));
        }
        if (e instanceof HttpMediaTypeNotAcceptableException unacceptable
                && !unacceptable.getSupportedMediaTypes().isEmpty()) {
            return ProblemType.NOT_ACCEPTABLE.problem("no media type of the Accept header is available; available: "
                    + join(unacceptable.getSupportedMediaTypes()));
        }
        return ProblemType.problemOf(status);
    }

    /** The likely cause of an unsupported type, which curl sets for -F and -d. */
    private static String remedy(@Nullable String received, List<MediaType> supported) {
        boolean isTable = supported.contains(CSV);
        String file = isTable ? "--data-binary @file with -H 'Content-Type: text/csv'" : "--data-binary @file";
        if (received != null && received.startsWith(MediaType.MULTIPART_FORM_DATA_VALUE)) {
            return "; send the file itself as the body, in curl by " + file + " in place of -F";
        }
        if (received != null && received.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
            String type = supported.contains(MediaType.APPLICATION_JSON)
                    ? MediaType.APPLICATION_JSON_VALUE
                    : String.valueOf(supported.get(0));
            return "; in curl add -H 'Content-Type: %s'".formatted(type)
                    + (isTable ? ", or send a table by " + file : "");
        }
        return "";
    }

    private static String detailOf(TypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        Object received = e.getValue();
        if (received instanceof Object[]) {
            return "is given more than once";
        }
        String rule = ValueDescriptions.expected(type);
        if (type != null
                && Number.class.isAssignableFrom(ClassUtils.resolvePrimitiveIfNecessary(type))
                && StrictParameterBinder.isInteger(received)) {
            rule = ValueDescriptions.expectedRange(type);
        }
        String suggestion = received instanceof String name
                ? SimilarNames.nearest(name, ValueDescriptions.names(type))
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse("")
                : "";
        return "must be " + rule + ", but was " + ValueDescriptions.received(received) + suggestion;
    }

    private static String join(List<MediaType> types) {
        return types.stream()
                .filter(MediaType::isConcrete)
                .map(MediaType::toString)
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
