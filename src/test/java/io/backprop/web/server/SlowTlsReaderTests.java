package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestCertificate;
import io.backprop.TestFolders;
import io.backprop.web.WebTestBase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** As {@link SlowReaderTests}, with TLS. */
@TestPropertySource(properties = {"server.tomcat.connection-timeout=5s", "backprop.server.minimum-rate=1MB"})
@Import({SlowReaderTests.LongResponse.class, SlowReaderTests.SmallBuffers.class})
class SlowTlsReaderTests extends WebTestBase {

    private static final Path FOLDER = TestFolders.create();
    private static final TestCertificate CERTIFICATE = TestCertificate.create(FOLDER);

    @DynamicPropertySource
    static void certificate(DynamicPropertyRegistry registry) {
        registry.add("server.ssl.certificate", () -> FOLDER.resolve("cert.pem").toString());
        registry.add(
                "server.ssl.certificate-private-key",
                () -> FOLDER.resolve("key.pem").toString());
    }

    @Test
    void isDisconnected() throws IOException {
        try (Socket plain = new Socket()) {
            plain.setReceiveBufferSize(SlowReaderTests.SMALL_BUFFER);
            plain.connect(new InetSocketAddress("localhost", port));
            Socket socket = CERTIFICATE.trusting().getSocketFactory().createSocket(plain, "localhost", port, false);
            assertThat(SlowReaderTests.received(socket)).isLessThan(SlowReaderTests.LENGTH);
        }
    }
}
