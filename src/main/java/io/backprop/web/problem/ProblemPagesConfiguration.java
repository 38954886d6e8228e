package io.backprop.web.problem;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.PathResourceResolver;

/**
 * Serves the resource {@code problems/SLUG.html} at the path of the problem type, a list of all types, and the pages' style
 * sheet.
 */
@Configuration(proxyBeanMethods = false)
class ProblemPagesConfiguration implements WebMvcConfigurer {

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController(ProblemType.ROOT).setViewName("forward:" + ProblemType.ROOT + "/index");
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler(ProblemType.ROOT + "/*")
                .addResourceLocations("classpath:/problems/")
                .resourceChain(true)
                .addResolver(new PathResourceResolver() {
                    @Override
                    protected @Nullable Resource getResource(String path, Resource location) throws IOException {
                        return super.getResource(path.endsWith(".css") ? path : path + ".html", location);
                    }
                });
    }
}
