package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;

@ExtendWith(OutputCaptureExtension.class)
class PlainHttpWarningTests {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, false, NONE, false",
        "::1, false, NONE, false",
        ", false, NONE, true", // all interfaces
        "0.0.0.0, false, NONE, true",
        "0.0.0.0, true, NONE, false",
        "0.0.0.0, false, NATIVE, false"
    })
    void isLoggedOffLoopbackWithoutTlsAndProxy(
            @Nullable String address, // its conversion depends on the JDK
            boolean usesTls,
            ForwardHeadersStrategy forwarded,
            boolean isLogged,
            CapturedOutput output)
            throws UnknownHostException {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
        factory.setAddress(address == null ? null : InetAddress.getByName(address));
        if (usesTls) {
            factory.setSsl(Ssl.forBundle("web"));
        }

        var server = new org.springframework.boot.web.server.autoconfigure.ServerProperties();
        server.setForwardHeadersStrategy(forwarded);
        new TomcatConfiguration().plainHttpWarning(server).customize(factory);

        assertThat(output.toString().contains("see HTTPS in the README")).isEqualTo(isLogged);
    }
}
