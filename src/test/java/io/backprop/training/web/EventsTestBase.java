package io.backprop.training.web;

import io.backprop.Await;
import io.backprop.ServiceTestBase;
import io.backprop.WatchedStream;
import io.backprop.web.events.EventStreams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.springframework.beans.factory.annotation.Autowired;

/** Base of tests that listen to trainings, which run until the test is over. */
abstract class EventsTestBase extends ServiceTestBase {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Autowired
    EventStreams events;

    private final List<String> models = new ArrayList<>();

    @AfterEach
    void leaveNoListenerBehind() {
        models.forEach(id -> delete("/models/" + id));
        Await.until(() -> events.listeners() == 0);
    }

    /** Starts a training that does not end, and returns its path. */
    String endless() {
        return endless(ENDLESS);
    }

    String endless(String fields) {
        String id = create("");
        models.add(id);
        return header(begin(id, fields), "Location");
    }

    String running() {
        String path = endless();
        awaitEpoch(path);
        return path;
    }

    WatchedStream watch(String path, String... headers) {
        var request = request(path + "/events");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new WatchedStream(CLIENT, request.build());
    }

    /** Opens a stream without reading it. */
    Socket open(String path) throws IOException {
        return open(port, path);
    }

    static Socket open(int port, String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1_024);
        socket.connect(new InetSocketAddress("localhost", port));
        socket.getOutputStream()
                .write("GET %s/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .formatted(path)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
