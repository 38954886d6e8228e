package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.limits.RateLimiter;
import io.backprop.web.problem.ErrorFormats;
import io.backprop.web.problem.ProblemWriter;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RateFilterTests {

    private static final int RATE = 60;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final TimeMeter stopped = new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return 0;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };

    private final RateFilter filter = new RateFilter(
            "address",
            new RateLimiter(RATE, Duration.ofSeconds(2), stopped),
            request -> ClientAddress.of(request.getRemoteAddr()),
            request -> request.getServletPath().equals("/health"),
            new ProblemWriter(MAPPER, List.of(), new ErrorFormats(List.of())));

    @Test
    void rejectsRequestsOverTheRate() throws Exception {
        exhaust("192.0.2.1");

        MockHttpServletResponse response = send(request("192.0.2.1"));

        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(response.getHeader("Retry-After")).isEqualTo("1");
        assertThat(response.getHeader("RateLimit-Policy")).isEqualTo("\"address\";q=120;w=2");
        assertThat(response.getHeader("RateLimit")).isEqualTo("\"address\";r=0;t=1");
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
        JsonNode problem = MAPPER.readTree(response.getContentAsByteArray());
        assertThat(problem.path("type").asString()).isEqualTo("/problems/too-many-requests");
        assertThat(problem.path("instance").asString()).isEqualTo("/models");
        assertThat(problem.path("detail").asString())
                .isEqualTo("more than 120 requests in 2 s with the same address (backprop.rates.address);"
                        + " try again in 1 s");
    }

    @Test
    void doesNotSendTheHeadersWithinTheRate() throws Exception {
        MockHttpServletResponse response = send(request("192.0.2.1"));

        assertThat(response.getStatus()).isEqualTo(200);
        assertThat(response.getHeaderNames()).isEmpty();
    }

    @Test
    void limitsEachAddressSeparately() throws Exception {
        exhaust("192.0.2.1");

        assertThat(send(request("192.0.2.2")).getStatus()).isEqualTo(200);
    }

    @Test
    void ignoresForwardedAddresses() throws Exception {
        exhaust("192.0.2.1");
        MockHttpServletRequest request = request("192.0.2.1");
        request.addHeader("X-Forwarded-For", "198.51.100.1");
        request.addHeader("Forwarded", "for=198.51.100.1");

        assertThat(send(request).getStatus()).isEqualTo(429);
    }

    @Test
    void answersUnlimitedRequestsOverTheRate() throws Exception {
        exhaust("192.0.2.1");
        MockHttpServletRequest request = request("192.0.2.1");
        request.setServletPath("/health");

        assertThat(send(request).getStatus()).isEqualTo(200);
    }

    @Test
    void wrongKeysCostFiftyRequests() throws Exception {
        int guesses = 0;
        MockHttpServletResponse response;
        do {
            MockHttpServletRequest request = request("192.0.2.1");
            request.addHeader("Authorization", "Bearer guess" + guesses++);
            response = send(request, unauthorized());
        } while (response.getStatus() == 401);

        assertThat(response.getStatus()).isEqualTo(429);
        assertThat(guesses - 1).isEqualTo(3); // 3 × 50 tokens of 120
        assertThat(response.getHeader("Retry-After")).isEqualTo("1"); // 31 tokens
    }

    @Test
    void missingKeysCostOneRequest() throws Exception {
        for (int i = 0; i < 2 * RATE; i++) {
            assertThat(send(request("192.0.2.1"), unauthorized()).getStatus()).isEqualTo(401);
        }
    }

    private static FilterChain unauthorized() {
        return (request, response) -> ((HttpServletResponse) response).setStatus(401);
    }

    private void exhaust(String address) throws ServletException, IOException {
        for (int i = 0; i < 2 * RATE; i++) {
            assertThat(send(request(address)).getStatus()).isEqualTo(200);
        }
    }

    private static MockHttpServletRequest request(String address) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/models");
        request.setRemoteAddr(address);
        return request;
    }

    private MockHttpServletResponse send(HttpServletRequest request) throws ServletException, IOException {
        return send(request, (passed, answer) -> {});
    }

    private MockHttpServletResponse send(HttpServletRequest request, FilterChain chain)
            throws ServletException, IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(request, response, chain);
        return response;
    }
}
