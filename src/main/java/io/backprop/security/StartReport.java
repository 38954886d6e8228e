package io.backprop.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Logs after the start where to go and what to try, with a key if one is needed. The store logs in between where data is kept. */
@Component
class StartReport {

    private static final Logger log = LoggerFactory.getLogger(StartReport.class);

    private final ServerProperties server;
    private final CurlAuthorization authorization;

    StartReport(ServerProperties server, CurlAuthorization authorization) {
        this.server = server;
        this.authorization = authorization;
    }

    @Order(1)
    @EventListener
    void logPages(ApplicationReadyEvent ready) {
        log.info("Console: {}/", url(ready));
        log.info("Documentation to try out: {}/swagger-ui.html", url(ready));
    }

    @Order(3)
    @EventListener
    void logExample(ApplicationReadyEvent ready) {
        log.info("A first training: {}", """
                curl -s %1$s/models%2$s -H 'Content-Type: application/json' \
                -d '{"id":"xor","layerCount":2,"hiddenUnits":[4],"learningRate":0.5,"seed":42}'; \
                curl -s %1$s/models/xor/train%2$s -H 'Content-Type: application/json' \
                -d '{"inputs":[[0,0],[0,1],[1,0],[1,1]],"targets":[[0],[1],[1],[0]],"epochs":4000}'""".formatted(url(ready), authorization.option()));
    }

    private String url(ApplicationReadyEvent ready) {
        String port = ready.getApplicationContext().getEnvironment().getProperty("local.server.port");
        String path = server.getServlet().getContextPath();
        return (Ssl.isEnabled(server.getSsl()) ? "https" : "http") + "://" + host(server.getAddress()) + ":" + port
                + (path == null ? "" : path);
    }

    private static String host(@Nullable InetAddress address) {
        return address == null || address.isAnyLocalAddress() || address.equals(InetAddress.getLoopbackAddress())
                ? "localhost"
                : AllowedHosts.literal(address);
    }
}
