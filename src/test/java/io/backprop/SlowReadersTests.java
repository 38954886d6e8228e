package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.LatencyProbe.Latencies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Clients that do not read their long responses, on the disk of the database. {@code SpoolTests} and {@code
 * SpooledOutputStreamTests} are the short form.
 */
@EnabledIfSystemProperty(named = "test.load", matches = "full")
class SlowReadersTests extends HttpTestBase {

    private static final int READERS = 10;
    private static final int DISK_MEGABYTES = 5 << 10;
    private static final int BLOCK = 64 << 20; // bytes
    private static final int BLOCKS = 62; // 3.9 GB
    private static final String ROW = "1," + "x".repeat(1_021) + "\n";

    @Test
    void leaveSpaceForModels() throws Exception {
        byte[] header = gzip("x,note\n");
        byte[] block = gzip(ROW.repeat(BLOCK / ROW.length()));
        ExecutorService clients = Executors.newFixedThreadPool(READERS);
        List<Socket> sockets = new ArrayList<>();
        try (SmallDisk disk = SmallDisk.mount(DISK_MEGABYTES);
                ChildService service = ChildService.start(
                        disk.folder(),
                        "-Dbackprop.spool.folder=" + disk.folder(),
                        "-Dbackprop.limits.stream=5GB",
                        "-Dbackprop.limits.compression-ratio=2000")) {
            port = service.port();
            json(post("/models", "{\"id\": \"m\", \"hidden\": []}"), 201);
            json(
                    send(request("/models/m/train?target=y&epochs=1")
                            .header("Content-Type", "text/csv")
                            .POST(BodyPublishers.ofString("x,y\n1,2\n2,3\n"))),
                    200);
            List<Future<Integer>> statuses = new ArrayList<>();
            try (LatencyProbe probe = LatencyProbe.post(port, "/models", "{}", 10)) {
                for (int i = 0; i < READERS; i++) {
                    Socket socket = new Socket("localhost", port);
                    sockets.add(socket);
                    statuses.add(clients.submit(() -> predict(socket, header, block)));
                }
                List<Integer> found = new ArrayList<>();
                for (Future<Integer> status : statuses) {
                    found.add(Await.result(status));
                }
                Latencies latencies = probe.stop();
                System.out.printf(
                        "BAR %d slow readers of 3.9 GB on a disk of 5 GB: %s; %d MB are free; small creates: %s%n",
                        READERS, found, disk.folder().toFile().getUsableSpace() >> 20, latencies);
                assertThat(found).isSubsetOf(200, 503, 507).contains(200, 507);
            }
            json(post("/models", "{}"), 201);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            clients.shutdownNow();
        }
    }

    private int predict(Socket socket, byte[] header, byte[] block) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write("""
                POST /models/m/predict HTTP/1.1\r
                Host: localhost\r
                Accept: text/csv\r
                Content-Type: text/csv\r
                Content-Encoding: gzip\r
                Content-Length: %d\r
                \r
                """.formatted(header.length + (long) BLOCKS * block.length).getBytes(StandardCharsets.US_ASCII));
        out.write(header);
        for (int i = 0; i < BLOCKS; i++) {
            out.write(block);
        }
        InputStream in = socket.getInputStream();
        String status = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
        return Integer.parseInt(status.substring(9));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return packed.toByteArray();
    }
}
