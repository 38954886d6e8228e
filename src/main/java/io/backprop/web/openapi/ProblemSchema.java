package io.backprop.web.openapi;

import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.util.List;

/** The shape of every error in the OpenAPI document. */
final class ProblemSchema {

    static final String NAME = "Problem";

    private ProblemSchema() {}

    static Schema<?> schema() {
        Schema<?> problem = new ObjectSchema()
                .description("What went wrong, as RFC 9457 says it")
                .addProperty(
                        "type",
                        text("The path of a page that explains the problem").format("uri-reference"))
                .addProperty("title", text("The kind of problem"))
                .addProperty("status", new IntegerSchema().description("The HTTP status"))
                .addProperty("detail", text("The argument, the rule and what was received"))
                .addProperty("instance", text("The path of the request").format("uri-reference"))
                .addProperty("errors", new ArraySchema().items(error()))
                .addProperty(
                        "training",
                        text("The path of the training that is running").format("uri-reference"));
        problem.setRequired(List.of("type", "title", "status", "detail"));
        return problem;
    }

    private static Schema<?> error() {
        Schema<?> error = new ObjectSchema()
                .addProperty(
                        "pointer", text("JSON pointer to a value in the body").example("/hidden/0/units"))
                .addProperty("parameter", text("A parameter in the URL, or a header, instead of a pointer"))
                .addProperty("detail", text("The rule and what was received").example("must be at least 1, but was 0"));
        error.setRequired(List.of("detail"));
        return error;
    }

    private static Schema<?> text(String description) {
        return new StringSchema().description(description);
    }
}
