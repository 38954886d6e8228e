package io.backprop.security;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Documents which scope each operation needs, so that Swagger UI and generated clients send keys. */
@Component
@Order(0) // before the responses get their content
class AccessCustomizer implements OpenApiCustomizer {

    private static final String SCHEME = "key";

    private final Protection protection;

    AccessCustomizer(Protection protection) {
        this.protection = protection;
    }

    @Override
    public void customise(OpenAPI document) {
        if (document.getComponents() == null) {
            document.setComponents(new Components());
        }
        document.getComponents()
                .addSecuritySchemes(
                        SCHEME,
                        new SecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description(
                                        "A key of the service; its scope includes those before it: predict, train, admin"));
        document.getPaths()
                .forEach((path, item) -> item.readOperationsMap()
                        .forEach(
                                (method, operation) -> document(operation, AccessRules.required(method.name(), path))));
    }

    private void document(Operation operation, @Nullable Scope scope) {
        if (scope == null) {
            return;
        }
        if (protection != Protection.KEYS) {
            operation.addSecurityItem(new SecurityRequirement()); // a key is optional
        }
        operation.addSecurityItem(new SecurityRequirement().addList(SCHEME, scope.toString()));
        operation
                .getResponses()
                .addApiResponse("401", new ApiResponse().description("The request has no key of the service"))
                .addApiResponse(
                        "403",
                        new ApiResponse()
                                .description("The scope of the key does not include " + scope
                                        + ", or a page of another site has sent the request"));
    }
}
