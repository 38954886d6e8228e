package io.backprop.web.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Counts the problems in responses by their type. */
@Component
class ProblemMetrics implements WebMvcConfigurer, ErrorResponse.Interceptor {

    private final MeterProvider<Counter> problems;

    ProblemMetrics(MeterRegistry registry) {
        problems = Counter.builder("backprop.problems")
                .description("Responses with a problem, by its type")
                .withRegistry(registry);
    }

    @Override
    public void addErrorResponseInterceptors(List<ErrorResponse.Interceptor> interceptors) {
        interceptors.add(this);
    }

    @Override
    public void handleError(ProblemDetail problem, @Nullable ErrorResponse response) {
        URI type = problem.getType();
        problems.withTags(
                        "type",
                        type != null && type.toString().startsWith(ProblemType.ROOT + "/")
                                ? type.toString().substring(ProblemType.ROOT.length() + 1)
                                : "other",
                        "status",
                        Integer.toString(problem.getStatus()))
                .increment();
    }
}
