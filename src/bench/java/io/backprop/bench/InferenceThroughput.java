package io.backprop.bench;

import io.backprop.Application;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.Threads;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * Compares requests of 1,000 rows with binary data under the Open Inference Protocol, with predictions of the same rows in
 * JSON, and with the engine alone on one thread, in rows per second. Two clients send requests without a pause; client,
 * service and engine share one process and alternate. Prints one line of JSON per turn; the first turns are to warm up.
 * Arguments: FILE NAME as for {@link TrainingThroughput}, the number of turns, and the seconds of each of their three parts.
 */
public final class InferenceThroughput {

    private static final int ROWS = 1_000;
    private static final int CLIENTS = 2;

    private final int port;
    private final byte[] binary;
    private final byte[] json;
    private final Matrix inputs;
    private final Network network;

    private InferenceThroughput(TrainingThroughput.Workload workload, int port) {
        this.port = port;
        this.inputs = workload.data().inputs().rows(0, ROWS);
        this.network = Network.initialize(workload.spec(), 1);
        byte[] data = data(inputs);
        byte[] head =
                """
                {"inputs": [{"name": "inputs", "shape": [%d, %d], "datatype": "FP32", "parameters": {"binary_data_size": %d}}],
                 "outputs": [{"name": "probabilities", "parameters": {"binary_data": true}}]}\
                """.formatted(inputs.rows(), inputs.columns(), data.length).getBytes(StandardCharsets.US_ASCII);
        this.binary = post("/v2/models/m/infer", "Inference-Header-Content-Length: " + head.length, concat(head, data));
        this.json = post(
                "/models/m/predict",
                "Content-Type: application/json",
                ("{\"inputs\": " + rows(inputs) + "}").getBytes(StandardCharsets.US_ASCII));
    }

    public static void main(String[] args) throws Exception {
        TrainingThroughput.Workload workload =
                TrainingThroughput.workloads(args[0]).get(args[1]);
        Path store = Files.createTempDirectory("backprop");
        try (ConfigurableApplicationContext service = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--logging.level.root=WARN",
                "--backprop.store.folder=" + store)) {
            int port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            InferenceThroughput benchmark = new InferenceThroughput(workload, port);
            benchmark.createModel(workload);
            benchmark.measure(Integer.parseInt(args[2]), Double.parseDouble(args[3]));
        } finally {
            FileSystemUtils.deleteRecursively(store);
        }
    }

    private void createModel(TrainingThroughput.Workload workload) throws IOException {
        int outputs = workload.spec().outputs();
        List<Integer> hidden = workload.sizes().subList(1, workload.sizes().size() - 1);
        Matrix some = inputs.rows(0, outputs);
        String classes = IntStream.range(0, outputs).boxed().toList().toString();
        try (Client client = new Client()) {
            client.exchange(post("/models", "Content-Type: application/json", """
                {"id": "m", "hidden": %s, "task": "classification", "seed": 1}\
                """.formatted(hidden)
                    .getBytes(StandardCharsets.US_ASCII)));
            client.exchange(post("/models/m/train", "Content-Type: application/json", """
                {"inputs": %s, "targets": %s, "epochs": 1}\
                """.formatted(rows(some), classes)
                    .getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private void measure(int turns, double seconds) throws Exception {
        for (int turn = 0; turn < turns; turn++) {
            double engine = engine(seconds);
            double served = requests(binary, seconds);
            double predicted = requests(json, seconds);
            System.out.printf(
                    Locale.ROOT,
                    "{\"engine\": %.0f, \"binary\": %.0f, \"json\": %.0f, \"binary_to_engine\": %.2f,"
                            + " \"binary_to_json\": %.1f}%n",
                    engine,
                    served,
                    predicted,
                    served / engine,
                    served / predicted);
        }
    }

    private double engine(double seconds) {
        long start = System.nanoTime();
        long rows = 0;
        while (System.nanoTime() - start < seconds * 1e9) {
            network.predict(inputs, Threads.of(1));
            rows += ROWS;
        }
        return rows / ((System.nanoTime() - start) / 1e9);
    }

    private double requests(byte[] request, double seconds) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            long start = System.nanoTime();
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(() -> {
                    long rows = 0;
                    try (Client client = new Client()) {
                        while (System.nanoTime() - start < seconds * 1e9) {
                            client.exchange(request);
                            rows += ROWS;
                        }
                    }
                    return rows;
                }));
            }
            long rows = 0;
            for (Future<Long> client : running) {
                rows += client.get();
            }
            return rows / ((System.nanoTime() - start) / 1e9);
        } finally {
            clients.shutdown();
        }
    }

    /** A connection that is kept alive. */
    private final class Client implements AutoCloseable {

        private final Socket socket = new Socket("localhost", port);
        private final OutputStream out = socket.getOutputStream();
        private final DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));

        Client() throws IOException {}

        void exchange(byte[] request) throws IOException {
            out.write(request);
            String status = readLine(in);
            if (!status.startsWith("HTTP/1.1 20")) {
                throw new IOException(status);
            }
            long length = -1;
            for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length =
                            Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
                }
            }
            if (length >= 0) {
                in.skipNBytes(length);
            } else {
                skipChunks();
            }
        }

        private void skipChunks() throws IOException {
            for (int size = -1; size != 0; ) {
                size = Integer.parseInt(readLine(in), 16);
                in.skipNBytes(size + 2L); // with the line break after it
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n' && next >= 0; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static byte[] post(String path, String header, byte[] body) {
        String head = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n\r\n"
                .formatted(path, body.length, header);
        return concat(head.getBytes(StandardCharsets.US_ASCII), body);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static byte[] data(Matrix matrix) {
        ByteBuffer data = ByteBuffer.allocate(matrix.rows() * matrix.columns() * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < matrix.rows(); row++) {
            for (float value : matrix.row(row)) {
                data.putFloat(value);
            }
        }
        return data.array();
    }

    private static String rows(Matrix matrix) {
        StringBuilder rows = new StringBuilder("[");
        for (int row = 0; row < matrix.rows(); row++) {
            rows.append(row == 0 ? "[" : ",[");
            for (int column = 0; column < matrix.columns(); column++) {
                rows.append(column == 0 ? "" : ",").append(matrix.get(row, column));
            }
            rows.append(']');
        }
        return rows.append(']').toString();
    }
}
