package io.backprop;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection on which any bytes can be sent, and which reads the responses to them. */
final class RawConnection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private boolean isUsable = true;

    RawConnection(int port) throws IOException {
        socket = new Socket("localhost", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) Await.TIMEOUT.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
    }

    /**
     * A response.
     *
     * @param status 0 if there is no header, as in HTTP/0.9, which Tomcat speaks if a request has no version
     * @param head status line and header
     * @param isComplete false if the server closed the connection before the end of the body
     */
    record Response(int status, String head, String body, boolean isComplete) {

        Optional<String> header(String name) {
            return head.lines()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).trim())
                    .findFirst();
        }

        @Override
        public String toString() {
            return head + body.substring(0, Math.min(body.length(), 2_000));
        }
    }

    /** Whether another request can be sent on this connection. */
    boolean isUsable() {
        return isUsable;
    }

    /** Sends a request and returns the response. */
    List<Response> exchange(byte[] request, boolean isHead) {
        write(request);
        return read(isHead, 1);
    }

    /** Sends a request, then nothing more, and returns all responses until the server closes the connection. */
    List<Response> exchangeAndEnd(byte[] request, boolean isHead) {
        write(request);
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // the server has closed the connection
        }
        isUsable = false;
        return read(isHead, Integer.MAX_VALUE);
    }

    private void write(byte[] request) {
        try {
            socket.getOutputStream().write(request);
        } catch (IOException e) {
            isUsable = false; // the server has rejected the request before it was complete
        }
    }

    private List<Response> read(boolean isHead, int count) {
        List<Response> responses = new ArrayList<>();
        long deadline = System.nanoTime() + Await.TIMEOUT.toNanos();
        try {
            while (responses.size() < count) {
                Optional<Response> response = readResponse(isHead, deadline);
                if (response.isEmpty()) {
                    isUsable = false;
                    break;
                }
                if (response.get().status() >= 200) {
                    responses.add(response.get());
                    isUsable &= !response.get().header("Connection").orElse("").equalsIgnoreCase("close");
                }
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no response within " + Await.TIMEOUT + " after " + responses, e);
        } catch (IOException e) {
            isUsable = false; // reset, because the server has not read all bytes
        }
        return responses;
    }

    private Optional<Response> readResponse(boolean isHead, long deadline) throws IOException {
        String line = readLine();
        if (line.isEmpty()) {
            return Optional.empty();
        }
        if (!line.matches("HTTP/1\\.1 \\d{3} .*\r\n")) {
            String body = line + new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Optional.of(new Response(0, "", body, false));
        }
        StringBuilder head = new StringBuilder(line);
        while (!line.equals("\r\n")) {
            line = readLine();
            if (!line.endsWith("\r\n")) {
                throw new EOFException();
            }
            head.append(line);
        }
        int status = Integer.parseInt(head.substring(9, 12));
        Response response = new Response(status, head.toString(), "", true);
        if (isHead || status < 200 || status == 204 || status == 304) {
            return Optional.of(response);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean isComplete = true;
        if (response.header("Transfer-Encoding").orElse("").equalsIgnoreCase("chunked")) {
            isComplete = readChunks(body, deadline);
        } else {
            int length =
                    response.header("Content-Length").map(Integer::parseInt).orElse(Integer.MAX_VALUE);
            body.writeBytes(in.readNBytes(length));
            isComplete = body.size() == length || length == Integer.MAX_VALUE;
        }
        isUsable &= isComplete;
        return Optional.of(new Response(status, head.toString(), body.toString(StandardCharsets.UTF_8), isComplete));
    }

    /** Returns whether the last chunk was read. */
    private boolean readChunks(ByteArrayOutputStream body, long deadline) throws IOException {
        while (System.nanoTime() < deadline) {
            String size = readLine().trim();
            if (size.isEmpty()) {
                return false;
            }
            int length = Integer.parseInt(size, 16);
            body.writeBytes(in.readNBytes(length));
            if (!readLine().equals("\r\n")) {
                return false;
            }
            if (length == 0) {
                return true;
            }
        }
        throw new AssertionError("no end of the response within " + Await.TIMEOUT + ": " + body);
    }

    /** Reads a line with its end. At the end of the stream, the line is incomplete or empty. */
    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = 0;
        while (next != '\n') {
            next = in.read();
            if (next < 0) {
                break;
            }
            line.append((char) next);
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
