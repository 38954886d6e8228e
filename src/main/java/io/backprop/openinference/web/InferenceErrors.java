package io.backprop.openinference.web;

import io.backprop.web.problem.ErrorFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;

/** The errors of the Open Inference Protocol under {@code /v2}, and of TensorFlow Serving under {@code /v1}. */
@Component
class InferenceErrors implements ErrorFormat {

    /** An error as the protocols write it. */
    record InferenceError(@Nullable String error) {}

    @Override
    public boolean appliesTo(String path) {
        return path.startsWith("/v2/") || path.startsWith("/v1/") || path.equals("/v2") || path.equals("/v1");
    }

    /** The protocols have one status for bad input, also if a model is not trained. */
    @Override
    public int statusOf(int problemStatus) {
        HttpStatus status = HttpStatus.resolve(problemStatus);
        return status == HttpStatus.UNPROCESSABLE_CONTENT || status == HttpStatus.CONFLICT
                ? HttpStatus.BAD_REQUEST.value()
                : problemStatus;
    }

    @Override
    public Object bodyOf(ProblemDetail problem) {
        return new InferenceError(problem.getDetail() == null ? problem.getTitle() : problem.getDetail());
    }

    @Override
    public String schema() {
        return "InferenceError";
    }
}
