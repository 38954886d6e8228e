package io.backprop.web.problem;

import org.springframework.http.ProblemDetail;

/**
 * The form of errors under the paths of a protocol that has its own. Other errors are problems of RFC 9457. The format is
 * chosen where a problem is written, so that the code that creates problems does not depend on it.
 */
public interface ErrorFormat {

    /** Whether errors of requests with this path have this format. */
    boolean appliesTo(String path);

    /** The status of a response in place of the status of its problem. */
    int statusOf(int problemStatus);

    /** The value that is written as {@code application/json}. */
    Object bodyOf(ProblemDetail problem);

    /** The name of the schema of such values in the OpenAPI document. */
    String schema();
}
