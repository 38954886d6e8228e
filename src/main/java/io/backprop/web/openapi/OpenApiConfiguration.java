package io.backprop.web.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import java.util.Comparator;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The OpenAPI document's frame, and the way to it. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration implements WebMvcConfigurer {

    @Bean
    OpenAPI openApi(ObjectProvider<BuildProperties> build) {
        BuildProperties properties = build.getIfAvailable();
        return new OpenAPI()
                .info(new Info()
                        .title("backprop")
                        .description("Create, train and serve neural networks")
                        .version(properties == null ? "development" : properties.getVersion())
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .components(new Components().addSchemas(ProblemSchema.NAME, ProblemSchema.schema()));
    }

    /** Shorter paths first: a collection before its members, a member before what one does with it; tags likewise. */
    @Bean
    OpenApiCustomizer pathsInOrder() {
        return document -> {
            Paths sorted = new Paths();
            document.getPaths().entrySet().stream()
                    .sorted(Comparator.comparingInt(path -> path.getKey().length()))
                    .forEach(path -> sorted.addPathItem(path.getKey(), path.getValue()));
            document.setPaths(sorted);
            if (document.getTags() != null) {
                List<String> met = sorted.values().stream()
                        .flatMap(path -> path.readOperations().stream())
                        .flatMap(operation -> operation.getTags().stream())
                        .toList();
                document.getTags().sort(Comparator.comparingInt(tag -> met.indexOf(tag.getName())));
            }
        };
    }

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addRedirectViewController("/", "/swagger-ui.html");
    }
}
