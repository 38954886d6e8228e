package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.StrictHttpFirewall;

class PathFirewallTests {

    private final PathFirewall firewall = new PathFirewall();

    @ParameterizedTest
    @ValueSource(strings = {"/", "/models", "/models/", "/models/a.b-c_d..e/predict", "/v1/models/xor:predict"})
    void ordinaryPathIsOneThatSpringAccepts(String path) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);

        assertThat(PathFirewall.isOrdinary(path)).isTrue();
        assertThat(firewall.getFirewalledRequest(request).getRequestURI()).isEqualTo(path);
        assertThat(new StrictHttpFirewall().getFirewalledRequest(request)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//", "/a//b", "/./a", "/a/..", "/a/../b", "/a;b", "/a%2fb", "/%2e", "/a%25", "/a\\b", "/ä", "/a\n"
            })
    void rejectsWhatSpringRejects(String path) {
        assertThat(PathFirewall.isOrdinary(path)).isFalse();
        assertThatThrownBy(() -> firewall.getFirewalledRequest(new MockHttpServletRequest("GET", path)))
                .isInstanceOf(RequestRejectedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%6dodels", "/a%20b", "/.well-known/a", "/a~b"})
    void leavesOtherPathsToSpring(String path) {
        assertThat(PathFirewall.isOrdinary(path)).isFalse();
        assertThat(firewall.getFirewalledRequest(new MockHttpServletRequest("GET", path)))
                .isNotNull();
    }
}
