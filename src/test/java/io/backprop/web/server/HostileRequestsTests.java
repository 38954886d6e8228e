package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.backprop.Await;
import io.backprop.web.WebTestBase;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Requests that no well-meaning client sends. Tomcat's limits hold without any configuration. */
@ExtendWith(OutputCaptureExtension.class)
class HostileRequestsTests extends WebTestBase {

    private static final String GET = "GET /echo/answer HTTP/1.1\n";
    private static final String POST = "POST /echo/bytes HTTP/1.1\nContent-Type: text/plain\n";
    private static final String HOST = "Host: localhost\nConnection: close\n";
    private static final String CHUNKED = POST + HOST + "Transfer-Encoding: chunked\n\n";

    static Stream<Arguments> requests() {
        return Stream.of(
                arguments("many headers", GET + HOST + "X: y\n".repeat(200) + "\n"),
                arguments("long header", GET + HOST + "X: " + "x".repeat(100_000) + "\n\n"),
                arguments("long name of a header", GET + HOST + "x".repeat(100_000) + "\n\n"),
                arguments("long path", line("/" + "x".repeat(100_000))),
                arguments("long query", line("/echo/answer?" + "x".repeat(100_000))),
                arguments("many parameters", line("/echo/answer?" + "a&".repeat(3_500))),
                arguments("deep path", line("/a".repeat(3_500))),
                arguments("long method", "X".repeat(100_000) + " / HTTP/1.1\n" + HOST + "\n"),
                arguments("TRACE", "TRACE /echo/answer HTTP/1.1\n" + HOST + "\n"),
                arguments("encoded slash", line("/echo%2fanswer")),
                arguments("encoded backslash", line("/echo/..%5canswer")),
                arguments("encoded NUL", line("/echo/answer%00")),
                arguments("invalid UTF-8", line("/echo/%ff%fe")),
                arguments("path out of the root", line("/../../etc/passwd")),
                arguments("encoded path out of the root", line("/%2e%2e/%2e%2e/etc/passwd")),
                arguments("path parameters", line("/echo/..;/..;/answer")),
                arguments("fragment", line("/echo/answer#a")),
                arguments("space in the path", line("/echo/an swer")),
                arguments("no host", GET + "Connection: close\n\n"),
                arguments("two hosts", GET + HOST + "Host: other\n\n"),
                arguments("invalid host", GET + "Host: local host\nConnection: close\n\n"),
                arguments("other host in the path", line("http://evil/echo/answer")),
                arguments("space in the name of a header", GET + HOST + "X y: z\n\n"),
                arguments("space after the name of a header", GET + HOST + "Content-Length : 5\n\nhello"),
                arguments("header without colon", GET + HOST + "nonsense\n\n"),
                arguments("NUL in a header", GET + HOST + "X: a\0b\n\n"),
                arguments("HTTP/2 with prior knowledge", "PRI * HTTP/2.0\n\nSM\n\n"),
                arguments("TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003" + "x".repeat(600)),
                arguments("two lengths", POST + HOST + "Content-Length: 1\nContent-Length: 2\n\nab"),
                arguments("list of lengths", POST + HOST + "Content-Length: 1, 1\n\na"),
                arguments("negative length", POST + HOST + "Content-Length: -1\n\n"),
                arguments("signed length", POST + HOST + "Content-Length: +1\n\na"),
                arguments("huge length", POST + HOST + "Content-Length: 99999999999999999999\n\na"),
                arguments("hexadecimal length", POST + HOST + "Content-Length: 0x1\n\na"),
                arguments("length and chunks", POST + HOST + "Content-Length: 1\nTransfer-Encoding: chunked\n\nzz\n"),
                arguments("chunked twice", POST + HOST + "Transfer-Encoding: chunked, chunked\n\n0\n\n"),
                arguments(
                        "chunks in HTTP/1.0",
                        "POST /echo/bytes HTTP/1.0\n" + HOST + "Transfer-Encoding: chunked\n\nzz\n"),
                arguments("negative chunk", CHUNKED + "-1\n"),
                arguments("huge chunk", CHUNKED + "FFFFFFFFFFFFFFFFF\n"),
                arguments("long extension of a chunk", CHUNKED + "1;" + "x".repeat(100_000) + "\na\n0\n\n"),
                arguments("extensions of many chunks", CHUNKED + "1;xxxxxxxxxxxx\na\n".repeat(1_000) + "0\n\n"),
                arguments("long trailer", CHUNKED + "1\na\n0\nX: " + "x".repeat(100_000) + "\n\n"),
                arguments("many trailers", CHUNKED + "1\na\n0\n" + "X: y\n".repeat(2_000) + "\n"),
                arguments("chunk longer than its size", CHUNKED + "1\nabc\n0\n\n"),
                arguments("miracle", GET + HOST + "Expect: a miracle\n\n"));
    }

    private static String line(String path) {
        return "GET " + path + " HTTP/1.1\n" + HOST + "\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void areRejected(String name, String request, CapturedOutput output) throws IOException {
        String response = send(request);

        assertThat(response)
                .satisfiesAnyOf(
                        rejection -> assertThat(rejection).isEmpty(), // closed
                        rejection -> assertThat(rejection)
                                .matches(Pattern.compile(
                                        "HTTP/1\\.1 (4\\d\\d|505) .*application/problem\\+json.*", Pattern.DOTALL)));
        assertThat(output).doesNotContain("ERROR", "\tat ");
    }

    @Test
    void upgradesAreIgnored() throws IOException {
        assertThat(send(GET + "Host: localhost\nConnection: Upgrade, HTTP2-Settings, close\nUpgrade: h2c\n"
                        + "HTTP2-Settings: AAMAAABkAAQAAP__\n\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void pipelinedRequestsAreAnswered() throws IOException {
        String responses = send((GET + "Host: localhost\n\n").repeat(199) + GET + HOST + "\n");

        assertThat(responses.split("HTTP/1\\.1 200 ")).hasSize(201); // the first is empty
    }

    /** Sends a request, and returns all that is received until the connection is closed. */
    private String send(String request) throws IOException {
        StringBuilder received = new StringBuilder();
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout((int) Await.TIMEOUT.toMillis());
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            for (int next; (next = socket.getInputStream().read()) >= 0; ) {
                received.append((char) next);
            }
        } catch (SocketException e) {
            // reset while it was sent, or before the response was read
        }
        return received.toString();
    }
}
