package io.backprop.web.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Finds the end of an HTTP/1.1 request. */
final class HttpRequests {

    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXPECT = "expect:".getBytes(StandardCharsets.US_ASCII);

    private static final long MAX_LENGTH = 1 << 20; // of a body that must be complete

    private HttpRequests() {}

    /**
     * Returns whether the request before a buffer's position is complete, as far as this can be told. A request with an
     * {@code Expect} header, or with a body that is long or of unknown length, is complete with its headers, so that it can
     * be rejected early. Bytes that are no request are complete for the same reason.
     */
    static boolean isComplete(ByteBuffer request) {
        int end = request.position();
        if (end > 0 && (request.get(0) < 'A' || request.get(0) > 'Z')) {
            return true;
        }
        long bodyLength = 0;
        boolean needsBody = true;
        for (int line = nextLine(request, 0); line < end; line = nextLine(request, line)) {
            switch (request.get(line)) {
                case '\r', '\n' -> {
                    int body = nextLine(request, line);
                    return body <= end && (!needsBody || end - body >= bodyLength);
                }
                case 'C', 'c' -> {
                    if (startsWith(CONTENT_LENGTH, request, line)) {
                        bodyLength = number(request, line + CONTENT_LENGTH.length);
                        needsBody &= bodyLength <= MAX_LENGTH;
                    }
                }
                case 'E', 'e' -> {
                    if (startsWith(EXPECT, request, line)) {
                        needsBody = false;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    /** Returns the start of the next line; if the current line is incomplete, more than the position. */
    private static int nextLine(ByteBuffer request, int from) {
        int end = request.position();
        int index = from;
        while (index < end && request.get(index) != '\n') {
            index++;
        }
        return index + 1;
    }

    private static boolean startsWith(byte[] name, ByteBuffer request, int line) {
        if (request.position() - line < name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            int character = request.get(line + i);
            if ((character >= 'A' && character <= 'Z' ? character + 32 : character) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static long number(ByteBuffer request, int from) {
        long number = 0;
        for (int i = from; i < request.position(); i++) {
            int digit = request.get(i) - '0';
            if (digit >= 0 && digit <= 9) {
                number = Math.min(10 * number + digit, Integer.MAX_VALUE);
            } else if (request.get(i) != ' ') {
                break;
            }
        }
        return number;
    }
}
