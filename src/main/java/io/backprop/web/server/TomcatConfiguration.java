package io.backprop.web.server;

import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Configures how Tomcat rejects requests and ends slow ones. */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReports(JsonMapper mapper) {
        return factory -> factory.addContextCustomizers(context -> {
            StandardHost host = (StandardHost) context.getParent();
            host.setErrorReportValveClass(ProblemReportValve.class.getName());
            host.getPipeline().addValve(new ProblemReportValve(mapper));
            host.getPipeline().addValve(new AbortValve());
        });
    }

    /**
     * Rejects a client that expects {@code 100-continue} before it sends. Of other bodies that are too large, up to
     * {@code server.tomcat.max-swallow-size} is read, so that the client can read the rejection.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> readableRejections() {
        return factory -> factory.addConnectorCustomizers(connector -> {
            if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
                http.setContinueResponseTiming("onRead");
            }
        });
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> minimumRate(ServerProperties properties) {
        return factory -> {
            factory.setProtocol(MinimumRateProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                if (connector.getProtocolHandler() instanceof MinimumRateProtocol http) {
                    http.setMinimumRate(properties.minimumRate().toBytes());
                }
            });
        };
    }
}
