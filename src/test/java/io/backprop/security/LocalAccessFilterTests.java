package io.backprop.security;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atMostOnce;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import io.backprop.web.problem.ProblemWriter;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;
import org.springframework.http.ProblemDetail;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class LocalAccessFilterTests {

    private final ProblemWriter problems = mock();
    private final LocalAccessFilter filter = new LocalAccessFilter(
            new AllowedHosts(List.of("models.example.com"), null),
            request -> request.getRequestURI().equals("/open"),
            problems);

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # method, host,           Sec-Fetch-Site, Origin,                      problem
            GET,  localhost:8080,     -,              -,                           -
            POST, localhost:8080,     -,              -,                           -
            POST, 127.0.0.1:8080,     -,              -,                           -
            POST, [::1]:8080,         -,              -,                           -
            POST, models.example.com, -,              -,                           -
            POST, -,                  -,              -,                           -
            GET,  evil.example:8080,  -,              -,                           host-not-allowed
            GET,  evil.example:8080,  same-origin,    -,                           host-not-allowed
            POST, evil.example:8080,  same-origin,    http://evil.example:8080,    host-not-allowed
            POST, evil.example:8080,  -,              http://evil.example:8080,    host-not-allowed
            GET,  localhost:8080,     same-origin,    -,                           -
            GET,  localhost:8080,     none,           -,                           -
            POST, localhost:8080,     same-origin,    http://localhost:8080,       -
            POST, localhost:8080,     same-origin,    https://localhost,           -
            POST, localhost:8080,     same-site,      http://localhost:3000,       cross-site-request
            GET,  localhost:8080,     same-site,      -,                           cross-site-request
            GET,  localhost:8080,     cross-site,     -,                           cross-site-request
            POST, localhost:8080,     cross-site,     http://evil.example,         cross-site-request
            POST, localhost:8080,     cross-site,     http://localhost:8080,       cross-site-request
            POST, localhost:8080,     CROSS-SITE,     -,                           cross-site-request
            POST, localhost:8080,     '',             -,                           cross-site-request
            POST, localhost:8080,     other,          http://localhost:8080,       cross-site-request
            POST, localhost:8080,     -,              http://localhost:8080,       -
            POST, models.example.com, -,              http://models.example.com,   -
            POST, localhost:8080,     -,              http://evil.example,         cross-site-request
            POST, localhost:8080,     -,              http://localhost:3000,       cross-site-request
            POST, localhost:8080,     -,              http://localhost,            cross-site-request
            POST, localhost:8080,     -,              https://localhost:8080,      cross-site-request
            POST, localhost:8080,     -,              http://127.0.0.1:8080,       cross-site-request
            POST, localhost:8080,     -,              null,                        cross-site-request
            POST, localhost:8080,     -,              '',                          cross-site-request
            POST, localhost:8080,     -,              file://,                     cross-site-request
            POST, localhost:8080,     -,              http://localhost:x,          cross-site-request
            POST, localhost:8080,     -,              http://localhost:{port},     cross-site-request
            POST, localhost:8080,     -,              localhost:8080,              cross-site-request
            POST, localhost:8080,     -,              chrome-extension://abcdef,   cross-site-request
            OPTIONS, localhost:8080,  cross-site,     http://evil.example,         cross-site-request
            DELETE, localhost:8080,   -,              http://evil.example,         cross-site-request
            """)
    void refusesOtherHostsAndSites(
            String method,
            @Nullable String host,
            @Nullable String site,
            @Nullable String origin,
            @Nullable String problem)
            throws Exception {
        MockHttpServletRequest request = request(method, "/models", host, site, origin);

        ProblemDetail refusal = refusal(request);

        assertThat(refusal == null ? null : requireNonNull(refusal.getType()).toString())
                .isEqualTo(problem == null ? null : "/problems/" + problem);
    }

    @Test
    void namesTheHostAndTheProperty() throws Exception {
        ProblemDetail refusal = requireNonNull(refusal(request("GET", "/models", "evil.example:8080", null, null)));

        assertThat(refusal.getStatus()).isEqualTo(403);
        assertThat(refusal.getDetail())
                .isEqualTo("the host \"evil.example:8080\" is not listed in backprop.security.hosts");
    }

    @Test
    void namesTheHeaderThatTellsTheSite() throws Exception {
        ProblemDetail refusal = requireNonNull(refusal(request("POST", "/models", "localhost:8080", null, "null")));

        assertThat(refusal.getStatus()).isEqualTo(403);
        assertThat(refusal.getDetail())
                .isEqualTo("pages of other sites must not send requests to this service, but Origin was \"null\"");
    }

    /** The authority of HTTP/2 is no header. */
    @Test
    void checksTheAuthorityOfHttp2() throws Exception {
        MockHttpServletRequest request = request("GET", "/models", null, null, null);
        request.setProtocol("HTTP/2.0");
        assertThat(refusal(request)).isNull(); // localhost

        request.setServerName("evil.example");
        assertThat(requireNonNull(refusal(request)).getDetail()).contains("evil.example");
    }

    @Test
    void permitsOpenRequestsOfAnyHostAndSite() throws Exception {
        assertThat(refusal(request("GET", "/open", "evil.example", null, null))).isNull();
        assertThat(refusal(request("GET", "/open", "localhost", "cross-site", null)))
                .isNull();
    }

    /** As with {@code server.forward-headers-strategy}, where a page may forge the header for its own site. */
    @Test
    void requiresBothTheForwardedAndTheReceivedHost() throws Exception {
        assertThat(refusal(forwarded("localhost:8080", "models.example.com"))).isNull();
        assertThat(refusal(forwarded("models.example.com", "models.example.com")))
                .isNull();
        assertThat(requireNonNull(refusal(forwarded("evil.example", "localhost")))
                        .getDetail())
                .contains("evil.example");
        assertThat(requireNonNull(refusal(forwarded("localhost:8080", "evil.example")))
                        .getDetail())
                .contains("evil.example");
    }

    @Test
    void comparesOriginWithTheForwardedHost() throws Exception {
        MockHttpServletRequest request = forwarded("localhost:8080", "models.example.com");
        request.addHeader("Origin", "https://models.example.com");

        assertThat(refusal(request)).isNull();
    }

    private static MockHttpServletRequest forwarded(String received, String forwarded) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/models") {
            @Override
            public String getServerName() {
                return forwarded;
            }

            @Override
            public int getServerPort() {
                return 443;
            }
        };
        request.setScheme("https");
        request.addHeader("Host", received);
        return request;
    }

    private static MockHttpServletRequest request(
            String method, String path, @Nullable String host, @Nullable String site, @Nullable String origin) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, path);
        if (host != null) {
            request.addHeader("Host", host);
            request.setServerPort(host.endsWith("8080") ? 8080 : 80);
        }
        if (site != null) {
            request.addHeader("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            request.addHeader("Origin", origin);
        }
        return request;
    }

    /** Returns the problem with which the filter has answered, or null if it has passed the request on. */
    private @Nullable ProblemDetail refusal(MockHttpServletRequest request) throws IOException, ServletException {
        MockFilterChain chain = new MockFilterChain();
        filter.doFilter(request, new MockHttpServletResponse(), chain);

        ArgumentCaptor<ProblemDetail> problem = ArgumentCaptor.captor();
        verify(problems, atMostOnce()).write(problem.capture(), any(), any());
        clearInvocations(problems);
        assertThat(chain.getRequest() == null).isEqualTo(!problem.getAllValues().isEmpty());
        return problem.getAllValues().isEmpty() ? null : problem.getValue();
    }
}
