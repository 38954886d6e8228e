package io.backprop.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.backprop.engine.KernelReport;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.Threads;
import io.backprop.interchange.onnx.OnnxExporter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * Compares the engine's predictions with those of ONNX Runtime for the same network, in rows per second: the fastest of
 * several alternating turns, for batches of 1, 32 and 10,000 rows on one thread and on two. ONNX Runtime reads and writes
 * the same two native buffers in every call, which saves it copying rows and predictions. Prints one line of JSON per
 * network, batch and number of threads. Arguments: FILE [--only NAME] as for {@link TrainingThroughput}; without NAME, the
 * networks cancer, mnist and deep. {@link PredictThroughput} measures predictions over HTTP.
 */
public final class PredictionThroughput {

    private static final List<String> NETWORKS = List.of("cancer", "mnist", "deep");
    private static final int[] BATCHES = {1, 32, 10_000};
    private static final int[] THREADS = {1, 2};

    private static final int TURNS = 4;
    private static final double SECONDS = 0.3; // per turn
    private static final int PAUSE_MILLIS = 100; // until the other's threads no longer wait for work actively
    private static final double TOLERANCE = 1e-5;

    private final String name;
    private final Network network;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

    private PredictionThroughput(String name, Network network) {
        this.name = name;
        this.network = network;
    }

    public static void main(String[] args) throws Exception {
        List<String> networks = args.length > 2 && args[1].equals("--only") ? List.of(args[2]) : NETWORKS;
        Map<String, TrainingThroughput.Workload> workloads = TrainingThroughput.workloads(args[0]);
        for (String name : networks) {
            Network network = Network.initialize(workloads.get(name).spec(), 1);
            new PredictionThroughput(name, network).measure();
        }
    }

    private void measure() throws OrtException, InterruptedException {
        byte[] model = ExportedNetwork.of(network);
        for (int threads : THREADS) {
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(threads);
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
                try (OrtSession session = environment.createSession(model, options)) {
                    for (int batch : BATCHES) {
                        measure(session, Threads.of(threads), batch);
                    }
                }
            }
        }
    }

    private void measure(OrtSession session, Threads threads, int batch) throws OrtException, InterruptedException {
        float[] values = values(batch * network.spec().inputs());
        Matrix inputs = Matrix.wrap(batch, network.spec().inputs(), values);
        FloatBuffer predictions = buffer(batch * network.spec().outputs());
        FloatBuffer rows = buffer(batch * network.spec().inputs());
        rows.put(values).rewind();
        try (OnnxTensor x = tensor(rows, batch, network.spec().inputs());
                OnnxTensor y = tensor(predictions, batch, network.spec().outputs())) {
            Map<String, OnnxTensor> feed = Map.of(OnnxExporter.INPUTS, x);
            Map<String, OnnxTensor> fetch = Map.of(OnnxExporter.PROBABILITIES, y);
            Prediction ours = () -> network.predict(inputs, threads);
            Prediction peer = () -> session.run(feed, fetch).close();
            peer.run();
            requireSame(network.predict(inputs, threads), predictions);
            double best = 0;
            double bestOfPeer = 0;
            for (int turn = 0; turn < TURNS; turn++) {
                best = Math.max(best, batch * callsPerSecond(ours));
                bestOfPeer = Math.max(bestOfPeer, batch * callsPerSecond(peer));
            }
            System.out.printf(
                    "{\"network\": \"%s\", \"batch\": %d, \"threads\": %d, \"kernel\": \"%s\", "
                            + "\"rows_per_second\": %.0f, \"onnxruntime\": %.0f, \"ratio\": %.2f}%n",
                    name, batch, threads.count(), KernelReport.current().name(), best, bestOfPeer, best / bestOfPeer);
        }
    }

    private static float[] values(int length) {
        SplitMix64 random = new SplitMix64(0);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    private static FloatBuffer buffer(int length) {
        return ByteBuffer.allocateDirect(length * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private OnnxTensor tensor(FloatBuffer values, int rows, int columns) throws OrtException {
        return OnnxTensor.createTensor(environment, values, new long[] {rows, columns});
    }

    private static void requireSame(Matrix predictions, FloatBuffer expected) {
        for (int i = 0; i < expected.capacity(); i++) {
            float prediction = predictions.get(i / predictions.columns(), i % predictions.columns());
            if (!(Math.abs(prediction - expected.get(i)) <= TOLERANCE)) {
                throw new IllegalStateException(
                        "prediction %d is %s, but %s with ONNX Runtime".formatted(i, prediction, expected.get(i)));
            }
        }
    }

    private interface Prediction {
        void run() throws OrtException;
    }

    private static double callsPerSecond(Prediction prediction) throws OrtException, InterruptedException {
        Thread.sleep(PAUSE_MILLIS);
        long calls = 0;
        long begin = System.nanoTime();
        long time;
        do {
            prediction.run();
            calls++;
            time = System.nanoTime() - begin;
        } while (time < SECONDS * 1e9);
        return calls / (time / 1e9);
    }
}
