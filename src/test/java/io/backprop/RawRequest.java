package io.backprop;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The parts of an HTTP request, which may violate any rule of HTTP. */
final class RawRequest {

    String method;
    String path;
    final List<String> query = new ArrayList<>();
    final List<String> headers = new ArrayList<>();
    byte[] body;

    /** The bytes after the header if they are not just the body. */
    byte[] framed = {};

    boolean isFramed;

    /** Changes the bytes of the whole request. */
    UnaryOperator<byte[]> onWire = UnaryOperator.identity();

    /** Whether the server may take another length of the request than the client, which then sends nothing after it. */
    boolean endsConnection;

    /** Whether the server may close the connection without a response. */
    boolean isIncomplete;

    RawRequest(String method, String target, String type, byte[] body) {
        int end = target.indexOf('?');
        this.method = method;
        this.path = end < 0 ? target : target.substring(0, end);
        this.body = body;
        if (end >= 0) {
            query.addAll(List.of(target.substring(end + 1).split("&")));
        }
        headers.add("Host: localhost");
        if (!type.isEmpty()) {
            headers.add("Content-Type: " + type);
        }
    }

    /** Sends other bytes than the body, of which the server learns by the given header. */
    void frame(String header, byte[] bytes) {
        headers.add(header);
        framed = bytes;
        isFramed = true;
    }

    byte[] toBytes() {
        StringBuilder head = new StringBuilder(method).append(' ').append(path);
        if (!query.isEmpty()) {
            head.append('?').append(String.join("&", query));
        }
        head.append(" HTTP/1.1\r\n");
        headers.forEach(header -> head.append(header).append("\r\n"));
        if (!isFramed && body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(isFramed ? framed : body);
        return onWire.apply(bytes.toByteArray());
    }
}
