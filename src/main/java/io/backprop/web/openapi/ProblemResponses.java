package io.backprop.web.openapi;

import io.backprop.web.problem.ApiProblems;
import io.backprop.web.problem.ProblemType;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;

/** Adds to each operation of the OpenAPI document the problems it can answer with, each with an example. */
@Component
class ProblemResponses implements OperationCustomizer {

    private static final List<ProblemType> OF_ANY_BODY = List.of(
            ProblemType.UNREADABLE_BODY,
            ProblemType.UNREADABLE_FIELD,
            ProblemType.BODY_TOO_LARGE,
            ProblemType.UNSUPPORTED_MEDIA_TYPE,
            ProblemType.INVALID_FIELD);
    private static final List<ProblemType> OF_ANY_QUERY =
            List.of(ProblemType.UNREADABLE_PARAMETER, ProblemType.INVALID_FIELD);

    @Override
    public Operation customize(Operation operation, HandlerMethod method) {
        ApiResponses responses = operation.getResponses() == null ? new ApiResponses() : operation.getResponses();
        problemsOf(operation, method).stream()
                .collect(Collectors.groupingBy(ProblemType::status, TreeMap::new, Collectors.toList()))
                .forEach((status, types) ->
                        responses.addApiResponse(Integer.toString(status.value()), response(status, types)));
        responses.addApiResponse(
                ApiResponses.DEFAULT,
                new ApiResponse().description("Any other problem").content(content(List.of())));
        operation.setResponses(responses);
        return operation;
    }

    private static Set<ProblemType> problemsOf(Operation operation, HandlerMethod method) {
        Set<ProblemType> types = new TreeSet<>();
        if (operation.getRequestBody() != null) {
            types.addAll(OF_ANY_BODY);
        }
        boolean takesQuery = operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> "query".equals(parameter.getIn()));
        if (takesQuery) {
            types.addAll(OF_ANY_QUERY);
        }
        ApiProblems declared = method.getMethodAnnotation(ApiProblems.class);
        if (declared != null) {
            types.addAll(List.of(declared.value()));
        }
        return types;
    }

    private static ApiResponse response(HttpStatus status, List<ProblemType> types) {
        return new ApiResponse().description(status.getReasonPhrase()).content(content(types));
    }

    private static Content content(List<ProblemType> types) {
        MediaType media = new MediaType().schema(new Schema<>().$ref(ProblemSchema.NAME));
        types.forEach(type -> media.addExamples(
                type.slug(), new Example().summary(type.title()).value(example(type))));
        return new Content().addMediaType(org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE, media);
    }

    private static Map<String, Object> example(ProblemType type) {
        Map<String, Object> example = new LinkedHashMap<>();
        example.put("type", ProblemType.ROOT + "/" + type.slug());
        example.put("title", type.title());
        example.put("status", type.status().value());
        example.put("detail", type.example());
        return example;
    }
}
