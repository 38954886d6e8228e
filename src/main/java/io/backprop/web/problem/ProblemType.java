package io.backprop.web.problem;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/** Every problem a client can meet: its status, what it means, what to do, and an example of its detail. */
public enum ProblemType {
    MALFORMED_REQUEST(
            HttpStatus.BAD_REQUEST,
            "The request line or a header breaks the rules of HTTP or is too long, or the body is cut off.",
            "Send the request with an ordinary HTTP client, encode special characters in the URL, and keep that and the"
                    + " headers short, or raise server.max-http-request-header-size.",
            "the request is not valid HTTP"),
    UNREADABLE_BODY(
            HttpStatus.BAD_REQUEST,
            "The body is missing, cut off, damaged, or not in the format that its Content-Type says. NaN and Infinity are"
                    + " not JSON.",
            "Check the body with a parser of its format, at the line and column the detail names.",
            "the body is not valid JSON (line 1, column 17)"),
    UNREADABLE_FIELD(
            HttpStatus.BAD_REQUEST,
            "A field is unknown, given twice, of another JSON type than it should be, not one of the values it may"
                    + " have, or a number beyond its range. Nothing is converted: neither text to a number nor 3.0 to"
                    + " 3.",
            "Correct the fields that the errors point to.",
            "epochs must be a whole number, but was 3.9"),
    UNREADABLE_PARAMETER(
            HttpStatus.BAD_REQUEST,
            "A parameter in the URL or a header is of another type than it should be.",
            "Correct the parameters that the errors name.",
            "limit must be a whole number, but was \"many\""),
    NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "The service has no resource at this path.",
            "Look up the path at /swagger-ui.html.",
            "there is nothing at this path"),
    MODEL_NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "No model has this id. It may have been deleted.",
            "GET /models lists all models, POST /models creates one.",
            "there is no model \"xor\""),
    TRAINING_NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "The model has no training of this number.",
            "GET /models/{id}/trainings lists all trainings of a model.",
            "the model \"xor\" has no training 7"),
    VERSION_NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "The model never had this version, or it is no longer kept.",
            "Leave out the parameter version to get the current one.",
            "version 3 of the model \"xor\" is not kept; the current version is 1"),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED,
            "The resource exists, but does not take this method.",
            "Use one of the methods in the Allow header.",
            "PUT is not allowed here; allowed: GET, POST"),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE,
            "The resource can't be given in any of the types that the Accept header asks for.",
            "Accept application/json.",
            "the answer can't be given as the Accept header asks; available: application/json"),
    REQUEST_TIMEOUT(
            HttpStatus.REQUEST_TIMEOUT,
            "The client sent nothing for so long that the service stopped waiting.",
            "Send the request again.",
            "the body did not arrive in time"),
    MODEL_EXISTS(
            HttpStatus.CONFLICT,
            "There is a model with this id already.",
            "Choose another id, or none to have one generated, or delete the existing model first.",
            "there is a model \"xor\" already; choose another id or delete it first"),
    MODEL_NOT_TRAINED(
            HttpStatus.CONFLICT,
            "A model can predict only after its first training.",
            "POST training data to /models/{id}/train, or PUT parameters to /models/{id}/parameters.",
            "the model \"xor\" has not been trained yet; train it first"),
    TRAINING_RUNNING(
            HttpStatus.CONFLICT,
            "A model is trained by one training at a time. The member training is the path of the running one. Or the"
                    + " model was changed while the rows for its training were read.",
            "Wait for the running training, or cancel it; or send the rows again.",
            "training 3 of the model \"xor\" is still running; wait for it or cancel it"),
    VERSION_MISMATCH(
            HttpStatus.PRECONDITION_FAILED,
            "The If-Match header names a version that is not the current one.",
            "Get the model again and repeat the request with its new ETag.",
            "the model \"xor\" has changed: its ETag is now \"hognlruj4o-2-idle\""),
    BODY_TOO_LARGE(
            HttpStatus.CONTENT_TOO_LARGE,
            "The body is longer than the service reads.",
            "Send less at a time, or raise backprop.limits.body, or backprop.limits.stream for CSV and NDJSON.",
            "the body must have at most 67108864 bytes, but has 90000000"),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "The resource does not read bodies of this type, or of this Content-Encoding.",
            "Set the Content-Type header to application/json and send JSON. Only CSV and NDJSON may be sent with"
                    + " Content-Encoding: gzip.",
            "the body must be application/json, but was text/plain"),
    INVALID_FIELD(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The request can be read, but makes no sense: a required field is missing, a value is out of range, fields"
                    + " exclude each other, or rows and widths don't fit.",
            "Correct the fields that the errors point to.",
            "hidden[0].units must be at least 1, but was 0"),
    LIMIT_EXCEEDED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "A model, a training or a request would be larger than the service's limits allow.",
            "Ask for less, or raise the limit under backprop.limits.",
            "a model may have at most 50000000 parameters, but this one would have 80000000"),
    IDEMPOTENCY_KEY_REUSED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "A training of this model was begun with the same Idempotency-Key, but with another body, or where that"
                    + " is CSV or NDJSON another query. Not a byte may differ.",
            "Give each new request a key of its own; repeat a request with the body it had.",
            "training 3 was begun with this Idempotency-Key, but with another body"),
    INTERNAL_ERROR(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "The service met an error of its own. Its log says more.",
            "Try again; if it happens again, report it with the time it happened.",
            "The service met an error of its own. Its log says more."),
    UNSUPPORTED_HTTP(
            HttpStatus.NOT_IMPLEMENTED,
            "The request is of a version of HTTP, or asks for a method, a Transfer-Encoding or an Expect, that the service"
                    + " does not know. The status tells which: 505, 501 or 417.",
            "Send the request with an ordinary HTTP client.",
            "the service does not know the method CONNECT"),
    QUEUE_FULL(
            HttpStatus.SERVICE_UNAVAILABLE,
            "As many trainings are waiting as the service keeps.",
            "Try again after the time in the Retry-After header.",
            "all 100 places in the queue of trainings are taken; try again later"),
    UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The service can't answer at the moment, because it is starting, stopping or overloaded, or can't reach the"
                    + " database that keeps the models.",
            "Try again later, after the time in the Retry-After header if there is one.",
            "the service can't answer at the moment"),
    STORAGE_FULL(
            HttpStatus.INSUFFICIENT_STORAGE,
            "The disk or database that keeps the models is full.",
            "Make room on the disk, or delete models that are no longer needed; that takes a little room as well before it"
                    + " gives back theirs.",
            "there is no room left to store the model");

    public static final String ROOT = "/problems";

    /** The member of a problem that tells what is wrong with each value. */
    public static final String ERRORS = "errors";

    private static final int MOST_ERRORS = 100;

    private final HttpStatus status;
    private final String meaning;
    private final String remedy;
    private final String example;

    ProblemType(HttpStatus status, String meaning, String remedy, String example) {
        this.status = status;
        this.meaning = meaning;
        this.remedy = remedy;
        this.example = example;
    }

    public HttpStatus status() {
        return status;
    }

    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String title() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    String meaning() {
        return meaning;
    }

    String remedy() {
        return remedy;
    }

    public String example() {
        return example;
    }

    /** The problem that suits a status about which no more is known. */
    public static ProblemDetail of(HttpStatusCode status) {
        ProblemType type = Arrays.stream(values())
                .filter(candidate -> candidate.status.isSameCodeAs(status))
                .findFirst()
                .orElseGet(() -> closestTo(status));
        ProblemDetail problem = type.problem(type.meaning);
        problem.setStatus(status.value());
        return problem;
    }

    private static ProblemType closestTo(HttpStatusCode status) {
        if (status.isSameCodeAs(HttpStatus.HTTP_VERSION_NOT_SUPPORTED)
                || status.isSameCodeAs(HttpStatus.EXPECTATION_FAILED)) {
            return UNSUPPORTED_HTTP;
        }
        return status.is5xxServerError() ? INTERNAL_ERROR : MALFORMED_REQUEST;
    }

    public ProblemDetail problem(@Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        describe(problem);
        problem.setDetail(Received.shorten(detail, Received.LONGEST_MESSAGE));
        return problem;
    }

    /** Says that a problem is of this type. */
    public void describe(ProblemDetail problem) {
        problem.setType(URI.create(ROOT + "/" + slug()));
        problem.setTitle(title());
    }

    public ProblemDetail problem(FieldProblem error) {
        return problem(List.of(error));
    }

    /** Tells the first of the errors; whoever has made so many has made one. */
    public ProblemDetail problem(List<FieldProblem> all) {
        List<FieldProblem> errors = all.subList(0, Math.min(all.size(), MOST_ERRORS));
        String detail = errors.stream().map(FieldProblem::sentence).collect(Collectors.joining("; "));
        ProblemDetail problem = problem(detail);
        problem.setProperty(ERRORS, errors);
        return problem;
    }
}
