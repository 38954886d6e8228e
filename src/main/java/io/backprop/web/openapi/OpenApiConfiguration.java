package io.backprop.web.openapi;

import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.tabular.Targets;
import io.backprop.web.problem.ErrorFormats;
import io.backprop.web.table.JsonRows;
import io.backprop.web.table.PackedRows;
import io.backprop.web.table.RowSource;
import io.backprop.web.table.SplitRows;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.servers.Server;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The frame of the OpenAPI document. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    /*
     * Any values, and arrays that are not referenced by a name: generated Java clients do not compile with alternatives of
     * arrays, and send an empty array for one that is referenced and absent.
     */
    private static final Schema<?> TARGETS = new ArraySchema().items(new Schema<>());
    private static final Schema<?> ROWS =
            new ArraySchema().items(new ObjectSchema().additionalProperties(new Schema<>()));

    static {
        SpringDocUtils.getConfig()
                .replaceWithClass(Matrix.class, float[][].class)
                .replaceWithClass(Vector.class, float[].class)
                .replaceWithSchema(Targets.class, TARGETS)
                .replaceWithSchema(RowSource.class, ROWS)
                .replaceWithSchema(PackedRows.class, ROWS)
                .replaceWithSchema(SplitRows.class, new ObjectSchema())
                .replaceWithSchema(JsonRows.class, new Schema<>())
                .addResponseTypeToIgnore(SseEmitter.class);
    }

    @Bean
    OpenAPI openApi(
            ObjectProvider<BuildProperties> build, @Value("${server.servlet.context-path:/}") String contextPath) {
        BuildProperties properties = build.getIfAvailable();
        return new OpenAPI()
                .addServersItem(new Server().url(contextPath)) // else that of the first request's Host header
                .info(new Info()
                        .title("backprop")
                        .description("Create, train and serve neural networks")
                        .version(properties == null ? "development" : properties.getVersion())
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
    }

    /** Completes the document that springdoc has generated. */
    @Bean
    OpenApiCustomizer customizer(ErrorFormats formats) {
        return generated -> {
            JsonDocument document = new JsonDocument(generated);
            SubtypeCustomizer.customize(document);
            NullabilityCustomizer.customize(document);
            OverlayCustomizer.customize(document);
            QueryParameterCustomizer.customize(document);
            ProblemResponseCustomizer.customize(document, formats);
            document.removeUnusedSchemas();
            OpenAPI completed = document.toOpenApi();
            generated.paths(completed.getPaths()).components(completed.getComponents());
        };
    }
}
