package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.HandlerMapping;

class ServerMetricsTests {

    private static final String NAME = "http.server.requests";
    private static final String PREDICT = "/models/{id}/predict";

    /** The number of requests whose recording is timed, 10,000,000 for a stable figure. */
    private static final int RECORDED = Integer.getInteger("test.recorded", 1_000);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServerMetrics metrics = new ServerMetrics(registry);

    @Test
    void recordsTimeByOperationAndStatus() {
        record("POST", PREDICT, 200, "application/json", 3_000);
        record("POST", PREDICT, 200, "application/json", 4_000);
        record("POST", PREDICT, 503, "application/problem+json", 5_000);

        Timer succeeded = registry.get(NAME)
                .tags("method", "POST", "uri", PREDICT, "status", "200", "outcome", "SUCCESS")
                .timer();
        assertThat(succeeded.count()).isEqualTo(2);
        assertThat(succeeded.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(7_000);
        assertThat(registry.get(NAME)
                        .tags("status", "503", "outcome", "SERVER_ERROR")
                        .timer()
                        .count())
                .isOne();
    }

    @Test
    void hasOneSeriesForRequestsThatReachNoOperation() {
        for (int i = 0; i < 1_000; i++) {
            record("METHOD" + i, null, 400, null, 1);
            record("GET", null, 404, null, 1);
            record(null, null, 401, null, 0);
        }

        assertThat(registry.get(NAME).timers()).hasSize(3);
        assertThat(registry.get(NAME).tag("uri", "NOT_FOUND").timer().count()).isEqualTo(1_000);
        assertThat(registry.get(NAME)
                        .tags("uri", "UNKNOWN", "method", "OTHER", "status", "400")
                        .timer()
                        .count())
                .isEqualTo(1_000);
    }

    @Test
    void separatesEventStreams() {
        record("GET", "/events", 200, "text/event-stream", 1);
        record("GET", "/events", 429, "application/problem+json", 1);

        assertThat(registry.get("backprop.events.time").timer().count()).isOne();
        assertThat(registry.get(NAME).timer().count()).isOne();
    }

    @Test
    void recordsQuickly() {
        Request request = request("POST", PREDICT);
        Response response = response(200, "application/json");
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (int round = 0; round < 5; round++) {
            long start = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < RECORDED; i++) {
                metrics.record(request, response, i);
            }
            System.out.printf(
                    "recording a request took %.0f ns%n",
                    (double) (threads.getCurrentThreadCpuTime() - start) / RECORDED);
        }

        assertThat(registry.get(NAME).timer().count()).isEqualTo(5L * RECORDED);
    }

    private void record(
            @Nullable String method, @Nullable String pattern, int status, @Nullable String type, long time) {
        metrics.record(request(method, pattern), response(status, type), time);
    }

    private static Request request(@Nullable String method, @Nullable String pattern) {
        org.apache.coyote.Request http = new org.apache.coyote.Request();
        if (method != null) {
            http.setMethod(method);
        }
        Request request = new Request(new Connector(), http);
        if (pattern != null) {
            request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, pattern);
        }
        return request;
    }

    private static Response response(int status, @Nullable String type) {
        org.apache.coyote.Response http = new org.apache.coyote.Response();
        http.setStatus(status);
        if (type != null) {
            http.setContentType(type);
        }
        return new Response(http);
    }
}
