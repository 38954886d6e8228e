package io.backprop.web.server;

import static io.micrometer.core.instrument.binder.BaseUnits.CONNECTIONS;
import static io.micrometer.core.instrument.binder.BaseUnits.THREADS;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.catalina.AccessLog;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.AbstractProtocol;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Metrics of the HTTP server. The time of each request, from its first byte to the end of its response, has the name and the
 * tags that Spring Boot gives it. Event streams, which last as long as their training, have a metric of their own.
 */
@Component
class ServerMetrics implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
    /*
     * Spring Boot's observation costs more than 5 % of a prediction. Tomcat measures the time of each request anyway, and
     * reports it to access logs once it is complete, also of asynchronous requests and of those that a filter or Tomcat
     * itself rejects. Recording it takes 0.05 µs (ServerMetricsTests, -Dtest.recorded=10000000).
     */

    private static final String NAME = "http.server.requests";
    private static final String EVENTS_NAME = "backprop.events.time";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");
    private static final String OTHER_METHOD = "OTHER";

    private final MeterRegistry registry;
    private final ConcurrentMap<Operation, Timer> timers = new ConcurrentHashMap<>();

    ServerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param uri the path of an operation, with variables in place of values */
    private record Operation(String method, String uri, int status) {}

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new TimingValve()));
        factory.addConnectorCustomizers(connector -> {
            if (connector.getProtocolHandler() instanceof AbstractProtocol<?> http) {
                bind(http);
            }
        });
    }

    /** Micrometer's metrics with these names need Tomcat's management beans, which take time at each start. */
    private void bind(AbstractProtocol<?> http) {
        gauge(
                "tomcat.connections.current",
                CONNECTIONS,
                "Open connections",
                http,
                AbstractProtocol::getConnectionCount);
        gauge(
                "tomcat.connections.config.max",
                CONNECTIONS,
                "Limit of connections",
                http,
                AbstractProtocol::getMaxConnections);
        gauge("tomcat.threads.busy", THREADS, "Threads that process requests", http, ServerMetrics::busyThreads);
        gauge("tomcat.threads.config.max", THREADS, "Limit of threads", http, AbstractProtocol::getMaxThreads);
    }

    private void gauge(
            String name,
            String unit,
            String description,
            AbstractProtocol<?> http,
            ToDoubleFunction<AbstractProtocol<?>> value) {
        Gauge.builder(name, http, value).baseUnit(unit).description(description).register(registry);
    }

    private static double busyThreads(AbstractProtocol<?> http) {
        return http.getExecutor() instanceof ThreadPoolExecutor threads ? threads.getActiveCount() : Double.NaN;
    }

    void record(Request request, Response response, long nanos) {
        String method = request.getMethod();
        Operation operation = new Operation(
                method != null && METHODS.contains(method) ? method : OTHER_METHOD,
                uri(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE), response.getStatus()),
                response.getStatus());
        Timer timer = timers.get(operation);
        if (timer == null) {
            timer = timers.computeIfAbsent(operation, key -> timer(key, response.getContentType()));
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The number of values is bounded: that of the operations, and of those who reach none. */
    private static String uri(@Nullable Object pattern, int status) {
        if (pattern instanceof String path) {
            return path;
        }
        return status == 404 ? "NOT_FOUND" : "UNKNOWN";
    }

    private Timer timer(Operation operation, @Nullable String contentType) {
        boolean isEventStream = contentType != null
                && contentType.toLowerCase(Locale.ROOT).startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
        return Timer.builder(isEventStream ? EVENTS_NAME : NAME)
                .description(isEventStream ? "Time that event streams were open" : "Time from request to response")
                .tag("method", operation.method)
                .tag("uri", operation.uri)
                .tag("status", Integer.toString(operation.status))
                .tags(Tags.of(Outcome.forStatus(operation.status).asTag()))
                .register(registry);
    }

    private final class TimingValve extends ValveBase implements AccessLog {

        private TimingValve() {
            super(true); // for asynchronous requests too
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
        }

        @Override
        public void log(Request request, Response response, long nanos) {
            record(request, response, nanos);
        }

        @Override
        public void setRequestAttributesEnabled(boolean enabled) {} // concerns addresses

        @Override
        public boolean getRequestAttributesEnabled() {
            return false;
        }
    }
}
