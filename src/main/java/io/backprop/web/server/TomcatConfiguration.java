package io.backprop.web.server;

import io.backprop.limits.RequestLimits;
import io.backprop.web.problem.ProblemWriter;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the server does with requests that don't reach the application. */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsFromTheServer(
            ProblemWriter writer, RequestLimits limits) {
        return factory -> {
            factory.addContextCustomizers(context -> {
                StandardHost host = (StandardHost) context.getParent();
                host.setErrorReportValveClass(ProblemReportValve.class.getName());
                host.getPipeline().addValve(new ProblemReportValve(writer));
            });
            factory.addConnectorCustomizers(connector -> {
                if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
                    letClientsReadTheRefusal(
                            http,
                            Math.max(limits.body().toBytes(), limits.stream().toBytes()));
                }
            });
        };
    }

    /*
     * A client that still sends when the connection is closed loses the answer. One that asks first (Expect:
     * 100-continue) is told at once; of the others up to twice the limit is thrown away before the connection is closed.
     */
    private static void letClientsReadTheRefusal(AbstractHttp11Protocol<?> http, long limit) {
        http.setContinueResponseTiming("onRead");
        http.setMaxSwallowSize((int) Math.min(Integer.MAX_VALUE, 2 * limit));
    }
}
