package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.backprop.security.SecurityProperties.Mode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTests {

    private final AllowedHosts hosts =
            new AllowedHosts(List.of("Models.Example.com", "my_host", "[FD00::0:1]", "a."), null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "LocalHost:1",
                "localhost.",
                "localhost.:8080",
                "127.0.0.1",
                "127.0.0.1:65535",
                "[::1]",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]:8080",
                "[::0001]",
                "[::ffff:127.0.0.1]:8080",
                "models.example.com:80",
                "MODELS.example.COM.",
                "my_host",
                "[fd00::1]:8080",
                "[fd00:0:0:0:0:0:0:1]",
                "a:8080"
            })
    void containNamesInEveryForm(String host) {
        assertThat(hosts.contain(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":8080",
                ".",
                "evil",
                "evil:8080",
                "localhost.evil",
                "evil.localhost",
                "localhost..",
                "localhost,evil",
                "localhost evil",
                "localhost@evil",
                "evil@localhost",
                "localhost/evil",
                "xlocalhost",
                "127.0.0.1.evil",
                "127.0.0.2",
                "127.1",
                "0.0.0.0:8080",
                "2130706433",
                "::1",
                "[::1",
                "[::2]",
                "[::1].evil",
                "[localhost]",
                "[::1%lo]",
                "[]",
                "[",
                "example.com",
                "x.models.example.com",
                "[fd00::2]"
            })
    void doNotContainOtherNames(String host) {
        assertThat(hosts.contain(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "*.example.com",
                "http://example.com",
                "example.com:8080",
                "example.com/",
                "fd00::1"
            })
    void rejectsWhatIsNoName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecurityProperties(Mode.AUTO, List.of(name)))
                .withMessage("backprop.security.hosts must list names like models.example.com, without scheme, port and"
                        + " wildcards, and IPv6 addresses in brackets, but was " + name);
    }

    @Test
    void containTheOwnAddress() throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});

        assertThat(new AllowedHosts(List.of(), address).contain("127.0.0.2:8080"))
                .isTrue();
        assertThat(new AllowedHosts(List.of(), InetAddress.getByAddress(new byte[16])).contain("[::]:8080"))
                .isTrue();
    }
}
