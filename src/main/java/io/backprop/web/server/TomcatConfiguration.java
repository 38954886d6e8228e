package io.backprop.web.server;

import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ProblemWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.core.StandardHost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Configures how Tomcat rejects requests and ends slow ones, also for a separate port of the actuator: the file
 * {@code ManagementContextConfiguration.imports} names this class.
 */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

    private static final Logger log = LoggerFactory.getLogger(TomcatConfiguration.class);

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReports(ProblemWriter writer) {
        return factory -> factory.addContextCustomizers(context -> {
            StandardHost host = (StandardHost) context.getParent();
            host.getPipeline().addValve(new ResponseHeadersValve());
            host.setErrorReportValveClass(ProblemReportValve.class.getName());
            host.getPipeline().addValve(new RequestIdValve());
            host.getPipeline().addValve(new ProblemReportValve(writer));
            host.getPipeline().addValve(new AbortValve());
        });
    }

    /**
     * Ends slow requests, and rejects a client that expects {@code 100-continue} before it sends. Of a body that is
     * announced to be too large, up to {@code server.tomcat.max-swallow-size} is read, so that the client can read the
     * rejection.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> minimumRate(
            ServerProperties properties, JsonMapper mapper) {
        byte[] problem =
                mapper.writeValueAsBytes(ProblemType.REQUEST_TIMEOUT.problem("the request did not arrive in time"));
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        response.writeBytes("HTTP/1.1 408 \r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(MediaType.APPLICATION_PROBLEM_JSON_VALUE, problem.length)
                .getBytes(StandardCharsets.US_ASCII));
        response.writeBytes(problem);
        return factory -> {
            factory.setProtocol(MinimumRateProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                if (connector.getProtocolHandler() instanceof MinimumRateProtocol http) {
                    http.configure(properties.minimumRate().toBytes(), response.toByteArray());
                    http.setContinueResponseTiming("onRead");
                }
            });
        };
    }

    /** Never reads the body of a form as parameters: no operation takes one. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> noForms() {
        return factory -> factory.addConnectorCustomizers(connector -> connector.setParseBodyMethods(""));
    }

    /** Removes the files and pages of the service from a separate port of the actuator, whose context inherits them. */
    @Bean
    static BeanDefinitionRegistryPostProcessor actuatorWithoutPages() {
        return registry -> {
            if (registry instanceof HierarchicalBeanFactory beans && beans.getParentBeanFactory() != null) {
                registry.removeBeanDefinition("resourceHandlerMapping");
                registry.removeBeanDefinition("viewControllerHandlerMapping");
            }
        };
    }

    /** Where forwarded headers are used, a proxy encrypts. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> plainHttpWarning(
            org.springframework.boot.web.server.autoconfigure.ServerProperties server) {
        return factory -> {
            boolean isLocal =
                    factory.getAddress() != null && factory.getAddress().isLoopbackAddress();
            if (!isLocal
                    && !Ssl.isEnabled(factory.getSsl())
                    && server.getForwardHeadersStrategy() == ForwardHeadersStrategy.NONE) {
                log.warn("Keys and data can be read on the network, because the service listens beyond the loopback"
                        + " interface without TLS; see HTTPS in the README");
            }
        };
    }
}
