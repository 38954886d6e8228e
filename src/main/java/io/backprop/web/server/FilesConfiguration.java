package io.backprop.web.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

/**
 * Lets browsers validate cached files by their content. All files of a reproducible jar have the same date, so that after an
 * upgrade a browser would still use the console of the earlier version (ConsoleFilesTests).
 */
@Configuration(proxyBeanMethods = false)
class FilesConfiguration implements WebMvcConfigurer {

    @Bean
    SmartInitializingSingleton contentTags(@Qualifier("resourceHandlerMapping") HandlerMapping files) {
        return () -> {
            for (Object handler :
                    ((SimpleUrlHandlerMapping) files).getHandlerMap().values()) {
                ResourceHttpRequestHandler served = (ResourceHttpRequestHandler) handler;
                served.setUseLastModified(false);
                served.setEtagGenerator(FilesConfiguration::tagOf);
            }
        };
    }

    private static String tagOf(Resource file) {
        try {
            return DigestUtils.md5DigestAsHex(file.getContentAsByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Serves the console at the root. Like other files, it does not depend on the {@code Accept} header; Spring Boot's welcome
     * page would answer 406 without a problem document. Browsers request {@code favicon.ico} if a page names no icon.
     */
    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        registry.addViewController("/").setViewName("forward:/index.html");
        registry.addRedirectViewController("/favicon.ico", "/console/icon.svg");
    }
}
