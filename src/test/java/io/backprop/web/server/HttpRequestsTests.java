package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRequestsTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
                "POST / HTTP/1.1\ncontent-LENGTH:3\nContent-Type: a\n\nabc",
            })
    void isCompleteWithItsLastByte(String request) {
        ByteBuffer buffer = ByteBuffer.allocate(100);

        for (byte next : request.getBytes(StandardCharsets.US_ASCII)) {
            assertThat(HttpRequests.isComplete(buffer)).isFalse();
            buffer.put(next);
        }

        assertThat(HttpRequests.isComplete(buffer)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
                "\u0016\u0003\u0001",
                "\r\n",
            })
    void doesNotNeedUnusualBodies(String request) {
        ByteBuffer buffer = ByteBuffer.allocate(100);

        assertThat(HttpRequests.isComplete(buffer)).isFalse();
        assertThat(HttpRequests.isComplete(buffer.put(request.getBytes(StandardCharsets.US_ASCII))))
                .isTrue();
    }
}
