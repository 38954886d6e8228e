package io.backprop.web.server;

import io.backprop.limits.RequestLimits;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Configures how Tomcat rejects requests. */
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
     * Lets clients read the rejection of a large body. A client that still sends when the connection is closed loses the
     * response. Therefore a client that expects {@code 100-continue} is rejected before it sends, and up to twice the limit
     * is read from others before the connection is closed.
     */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> readableRejections(RequestLimits limits) {
        return factory -> factory.addConnectorCustomizers(connector -> {
            if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
                long limit = Math.max(limits.body().toBytes(), limits.stream().toBytes());
                http.setContinueResponseTiming("onRead");
                http.setMaxSwallowSize((int) Math.min(Integer.MAX_VALUE, 2 * limit));
            }
        });
    }
}
