package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** HTTPS with the properties that the README shows. */
@TestPropertySource(
        properties = {
            "backprop.security.mode=keys",
            "backprop.api.keys=test:admin:" + TlsTests.KEY,
            "server.tomcat.connection-timeout=5s",
            "server.tomcat.threads.max=10",
            "server.tomcat.max-connections=50",
            "spring.ssl.bundle.watch.file.quiet-period=100ms"
        })
class TlsTests extends ServiceTestBase {

    static final String KEY = "0123456789abcdef0123456789abcdef";

    private static final Path FOLDER = TestFolders.create();
    private static TestCertificate certificate = TestCertificate.create(FOLDER);

    private static final int SLOW = 20; // of each kind
    private static final int ROWS = 50_000;

    /** A ClientHello of TLS 1.1, as record and message, with two cipher suites. */
    private static final byte[] OLD_HELLO =
            HexFormat.of().parseHex("160301002f" + "0100002b0302" + "00".repeat(32) + "00" + "0004c00a002f" + "0100");

    @DynamicPropertySource
    static void readme(DynamicPropertyRegistry registry) throws IOException {
        Matcher block = Pattern.compile("### HTTPS\n.*?```properties\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).isTrue();
        Properties properties = new Properties();
        properties.load(new StringReader(block.group(1).replace("/etc/backprop", FOLDER.toString())));
        properties.forEach((name, value) -> registry.add(name.toString(), () -> value));
    }

    @Test
    void servesModelsTablesAndEvents() throws Exception {
        HttpClient client = client();
        assertThat(send(client, "/models", "application/json", "{\"id\": \"tls\", \"hidden\": []}"))
                .contains("\"id\":\"tls\"");
        StringBuilder table = new StringBuilder("x,y\n");
        for (int i = 0; i < ROWS; i++) {
            table.append(i % 100).append(',').append(2 * (i % 100)).append('\n');
        }

        assertThat(send(client, "/models/tls/train?target=y&epochs=1", "text/csv", table.toString()))
                .contains("\"examples\":" + ROWS);
        assertThat(send(client, "/models/tls/predict", "application/json", "{\"inputs\": [[1]]}"))
                .contains("\"predictions\"");
        assertThat(send(client, "/models/tls/predict", "text/csv", table.toString()))
                .contains("\"predictions\"")
                .hasSizeGreaterThan(ROWS);
        HttpRequest.Builder events = HttpRequest.newBuilder(uri("/models/tls/trainings/1/events"));
        assertThat(client.send(events.build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        events.header("Authorization", "Bearer " + KEY);
        assertThat(client.send(events.build(), BodyHandlers.ofString()).body()).contains("event:end");
    }

    @ParameterizedTest
    @CsvSource({
        "models.example.com, true",
        "localhost.example.com, true",
        "mylocalhost, true",
        "localhost, false",
        "LocalHost, false",
        "localhost., false",
        "app.localhost, false"
    })
    void browsersKeepToTlsExceptForNamesOfTheirOwnMachine(String host, boolean isSent) throws Exception {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n"
                            .formatted(host, port)
                            .getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(response).startsWith("HTTP/1.1 200 ").contains("<title>backprop</title>");
            assertThat(response.contains("\r\nStrict-Transport-Security: max-age=31536000\r\n"))
                    .isEqualTo(isSent);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /%zz HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "G{T / HTTP/1.1\r\n\r\n"})
    void rejectsMalformedRequests(String request) throws Exception {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("/problems/malformed-request");
        }
    }

    @Test
    void refusesOldProtocols() throws Exception {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write(OLD_HELLO);
            byte[] alert = socket.getInputStream().readAllBytes();

            assertThat(alert).startsWith(0x15).endsWith(0x02, 0x46); // fatal, protocol_version
        }
    }

    @Test
    void usesRenewedCertificates() {
        certificate = TestCertificate.create(FOLDER);

        Await.until(() -> {
            try {
                return send(client(), "/models/none/predict", "application/json", "{}")
                        .contains("model-not-found");
            } catch (SSLHandshakeException e) {
                return false;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** As {@code SlowSendersTests} without TLS. */
    @Test
    void disconnectsSlowClients() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW; i++) {
                clients.add(slow(new Socket("localhost", port), "")); // no handshake
                clients.add(
                        slow(new Socket("localhost", port), new String(OLD_HELLO, 0, 20, StandardCharsets.ISO_8859_1)));
                clients.add(slow(connect(), "GET /models HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
                clients.add(slow(connect(), """
                        POST /models/none/predict HTTP/1.1\r
                        Host: localhost\r
                        Authorization: Bearer %s\r
                        Content-Type: application/json\r
                        Content-Length: 4000000\r
                        \r
                        {"inputs": [[1""".formatted(KEY)));
                assertThat(send(client(), "/models/none/predict", "application/json", "{}"))
                        .contains("model-not-found");
            }

            Await.until(() -> clients.stream().noneMatch(client -> sendByte(client)));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static Socket slow(Socket socket, String start) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(start.getBytes(StandardCharsets.ISO_8859_1));
        socket.setSoTimeout(1);
        return socket;
    }

    /** Returns whether the client is still connected. */
    private static boolean sendByte(Socket client) {
        try {
            InputStream in = client.getInputStream();
            while (in.read() >= 0) {
                // an error response
            }
            return false;
        } catch (SocketTimeoutException e) {
            try {
                client.getOutputStream().write('1');
                return true;
            } catch (IOException closed) {
                return false;
            }
        } catch (IOException e) {
            return false;
        }
    }

    private SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket) certificate.trusting().getSocketFactory().createSocket("localhost", port);
        socket.startHandshake();
        return socket;
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().sslContext(certificate.trusting()).build();
    }

    private String send(HttpClient client, String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", type)
                .header("Authorization", "Bearer " + KEY)
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private URI uri(String path) {
        return URI.create("https://localhost:" + port + path);
    }
}
