package io.backprop.web.problem;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.util.StringUtils;
import org.springframework.web.ErrorResponseException;

/**
 * A type of problem in the sense of RFC 9457. The constants are the problems of HTTP and of the shared web layer; features
 * define their own. Each type has a page, the resource {@code problems/SLUG.html}.
 *
 * @param slug last segment of the type's path
 */
public record ProblemType(String slug, HttpStatus status) {

    public static final ProblemType MALFORMED_REQUEST = new ProblemType("malformed-request", HttpStatus.BAD_REQUEST);
    public static final ProblemType UNREADABLE_BODY = new ProblemType("unreadable-body", HttpStatus.BAD_REQUEST);
    public static final ProblemType UNREADABLE_FIELD = new ProblemType("unreadable-field", HttpStatus.BAD_REQUEST);
    public static final ProblemType UNREADABLE_PARAMETER =
            new ProblemType("unreadable-parameter", HttpStatus.BAD_REQUEST);
    public static final ProblemType NOT_FOUND = new ProblemType("not-found", HttpStatus.NOT_FOUND);
    public static final ProblemType METHOD_NOT_ALLOWED =
            new ProblemType("method-not-allowed", HttpStatus.METHOD_NOT_ALLOWED);
    public static final ProblemType NOT_ACCEPTABLE = new ProblemType("not-acceptable", HttpStatus.NOT_ACCEPTABLE);
    public static final ProblemType REQUEST_TIMEOUT = new ProblemType("request-timeout", HttpStatus.REQUEST_TIMEOUT);
    public static final ProblemType BODY_TOO_LARGE = new ProblemType("body-too-large", HttpStatus.CONTENT_TOO_LARGE);
    public static final ProblemType UNSUPPORTED_MEDIA_TYPE =
            new ProblemType("unsupported-media-type", HttpStatus.UNSUPPORTED_MEDIA_TYPE);
    public static final ProblemType INVALID_FIELD = new ProblemType("invalid-field", HttpStatus.UNPROCESSABLE_CONTENT);
    public static final ProblemType LIMIT_EXCEEDED =
            new ProblemType("limit-exceeded", HttpStatus.UNPROCESSABLE_CONTENT);
    public static final ProblemType QUOTA_EXCEEDED = new ProblemType("quota-exceeded", HttpStatus.INSUFFICIENT_STORAGE);
    public static final ProblemType CLAIM_LOST = new ProblemType("claim-lost", HttpStatus.CONFLICT);
    public static final ProblemType TOO_MANY_REQUESTS =
            new ProblemType("too-many-requests", HttpStatus.TOO_MANY_REQUESTS);
    public static final ProblemType INTERNAL_ERROR =
            new ProblemType("internal-error", HttpStatus.INTERNAL_SERVER_ERROR);
    public static final ProblemType UNSUPPORTED_HTTP = new ProblemType("unsupported-http", HttpStatus.NOT_IMPLEMENTED);
    public static final ProblemType UNAVAILABLE = new ProblemType("unavailable", HttpStatus.SERVICE_UNAVAILABLE);

    /** The member of a problem that lists invalid values, of type {@link FieldProblem}. */
    public static final String ERRORS = "errors";

    /** The member of a problem with the id of its request, which is also the key of that id in the context of the log. */
    public static final String REQUEST_ID = "requestId";

    static final String ROOT = "/problems";

    private static final int MAX_ERRORS = 100;

    public String title() {
        return StringUtils.capitalize(slug.replace('-', ' '));
    }

    /** Returns the problem for a status of which no more is known. */
    public static ProblemDetail problemOf(HttpStatusCode status) {
        ProblemType type = switch (status.value()) {
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 413 -> BODY_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 417, 501, 505 -> UNSUPPORTED_HTTP;
            case 429 -> TOO_MANY_REQUESTS;
            case 503 -> UNAVAILABLE;
            default -> status.is5xxServerError() ? INTERNAL_ERROR : MALFORMED_REQUEST;
        };
        ProblemDetail problem = type.problem(detailOf(type, status));
        problem.setStatus(status.value());
        return problem;
    }

    private static String detailOf(ProblemType type, HttpStatusCode status) {
        if (type.equals(INTERNAL_ERROR)) {
            return "the service failed unexpectedly; the cause is in its log";
        }
        if (type.equals(MALFORMED_REQUEST)) {
            return "the request line or a header violates the rules of HTTP or is too long, or the body is truncated";
        }
        HttpStatus known = HttpStatus.resolve(status.value());
        return "HTTP " + status.value() + (known == null ? "" : " " + known.getReasonPhrase());
    }

    public ProblemDetail problem(@Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        applyTo(problem);
        problem.setDetail(ValueDescriptions.shorten(detail, ValueDescriptions.MAX_MESSAGE_LENGTH));
        return problem;
    }

    /** Changes the type of a problem to this one; its status remains. */
    public void applyTo(ProblemDetail problem) {
        problem.setType(URI.create(ROOT + "/" + slug));
        problem.setTitle(title());
        String requestId = MDC.get(REQUEST_ID);
        if (requestId != null) {
            problem.setProperty(REQUEST_ID, requestId);
        }
    }

    public ProblemDetail problem(FieldProblem error) {
        return problem(List.of(error));
    }

    /** Returns an exception that {@link ProblemAdvice} translates into a problem of this type. */
    public ErrorResponseException exception(FieldProblem error) {
        return new ErrorResponseException(status, problem(error), null);
    }

    /** Returns a problem with the first {@value #MAX_ERRORS} of the errors. */
    public ProblemDetail problem(List<FieldProblem> all) {
        List<FieldProblem> errors = all.subList(0, Math.min(all.size(), MAX_ERRORS));
        String detail = errors.stream().map(FieldProblem::sentence).collect(Collectors.joining("; "));
        ProblemDetail problem = problem(detail);
        problem.setProperty(ERRORS, errors);
        return problem;
    }
}
