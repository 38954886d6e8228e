package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Requirement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Inference by clients in other forms: compressed bodies, NumPy, bare sockets, and many at a time. */
class InferenceClientTests extends InferenceTestBase {

    private static final String REQUEST = """
        {"inputs": [{"name": "inputs", "shape": [2, 2], "datatype": "FP32", "data": [0, 2, 4, 0.5]}]}\
        """;

    private static final String BINARY = """
        {"inputs": [{"name": "inputs", "shape": [2, 2], "datatype": "FP32", "parameters": {"binary_data_size": 16}}]}\
        """;

    /** The calls that Triton's Python client makes, with requests and NumPy. */
    private static final String PYTHON = """
        import json, struct, sys
        import numpy as np, requests

        def infer(url, inputs, outputs=None, raw=None):
            request, parts = {"id": "7", "inputs": []}, []
            for name, datatype, array in inputs:
                if datatype == "BYTES":
                    part = b"".join(struct.pack("<I", len(t.encode())) + t.encode() for t in array.ravel())
                else:
                    part = array.tobytes()
                parts.append(part)
                request["inputs"].append({"name": name, "shape": list(array.shape), "datatype": datatype,
                                          "parameters": {"binary_data_size": len(part)}})
            if outputs is None:
                request["parameters"] = {"binary_data_output": True}
            else:
                request["outputs"] = outputs
            head = json.dumps(request).encode()
            answer = requests.post(url, data=b"".join([head] + parts),
                                   headers={"Inference-Header-Content-Length": str(len(head))})
            answer.raise_for_status()
            length = int(answer.headers["Inference-Header-Content-Length"])
            response, at, results = json.loads(answer.content[:length]), length, {}
            assert response["id"] == "7"
            for output in response["outputs"]:
                data = answer.content[at:at + output["parameters"]["binary_data_size"]]
                at += len(data)
                if output["datatype"] == "BYTES":
                    texts, i = [], 0
                    while i < len(data):
                        size, = struct.unpack_from("<I", data, i)
                        texts.append(data[i + 4:i + 4 + size].decode())
                        i += 4 + size
                    results[output["name"]] = np.array(texts).reshape(output["shape"])
                else:
                    results[output["name"]] = np.frombuffer(data, np.float32).reshape(output["shape"])
            assert at == len(answer.content)
            return results

        base, flowers, rents = sys.argv[1:]
        rows = np.array([[0, 2], [4, 0.5]], np.float32)
        both = infer(base + flowers + "/infer", [("inputs", "FP32", rows)])
        assert both["probabilities"].shape == (2, 3) and both["label"].shape == (2,)
        best = infer(base + flowers + "/infer", [("inputs", "FP64", rows.astype(np.float64))],
                     [{"name": "probabilities", "parameters": {"classification": 1, "binary_data": True}}])
        assert [t.split(":")[2] for t in best["probabilities"].ravel()] == list(both["label"])
        rent = infer(base + rents + "/infer", [
            ("age", "FP32", np.array([10, np.nan], np.float32)),
            ("city", "BYTES", np.array(["Köln", ""])),
            ("since", "BYTES", np.array(["2020-01-01", ""]))])
        print(json.dumps([both["probabilities"].tolist(), both["label"].tolist(), rent["predictions"].tolist()]))
        """;

    @Test
    void answersTheCallsOfTritonsClient() throws Exception {
        String python = Requirement.python("numpy", "requests").toString();
        Process process = new ProcessBuilder(
                        python, "-c", PYTHON, "http://localhost:" + port + "/v2/models/", flowers, rents)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();

        JsonNode found = mapper.readTree(output);
        JsonNode expected = json(infer(flowers, REQUEST), 200);
        for (int i = 0; i < 6; i++) {
            assertThat(found.path(0).path(i / 3).path(i % 3).floatValue())
                    .isEqualTo(data(expected, 0).path(i).floatValue());
        }
        assertThat(found.path(1)).isEqualTo(data(expected, 1));
        JsonNode rows = json(post("/models/" + rents + "/predict", """
            {"rows": [{"age": 10, "city": "Köln", "since": "2020-01-01"},
                      {"age": null, "city": null, "since": null}]}\
            """), 200);
        for (int i = 0; i < 2; i++) {
            assertThat(found.path(2).path(i).path(0).floatValue())
                    .isEqualTo(rows.path("predictions").path(i).path(0).floatValue());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void decompressesRequests(String encoding) throws IOException {
        byte[] body = concat(BINARY.getBytes(StandardCharsets.US_ASCII), floats(0, 2, 4, 0.5f));
        JsonNode expected = json(infer(flowers, REQUEST), 200);

        HttpResponse<String> json = send(request("/v2/models/" + flowers + "/infer")
                .header("Content-Encoding", encoding)
                .POST(BodyPublishers.ofByteArray(compress(encoding, REQUEST.getBytes(StandardCharsets.US_ASCII)))));
        HttpResponse<String> binary = send(request("/v2/models/" + flowers + "/infer")
                .header("Content-Encoding", encoding)
                .header(HEADER_LENGTH, String.valueOf(BINARY.length()))
                .POST(BodyPublishers.ofByteArray(compress(encoding, body))));

        assertSame(data(json(json, 200), 0), data(expected, 0));
        assertSame(data(json(binary, 200), 0), data(expected, 0));
    }

    private static byte[] compress(String encoding, byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out =
                encoding.equals("gzip") ? new GZIPOutputStream(compressed) : new DeflaterOutputStream(compressed)) {
            out.write(bytes);
        }
        return compressed.toByteArray();
    }

    /** Without a Content-Type, and in parts of a byte. */
    @Test
    void answersABareSocket() throws IOException {
        String head =
                "POST /v2/models/%s/infer HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n%s: %d\r\n\r\n"
                        .formatted(flowers, BINARY.length() + 16, HEADER_LENGTH, BINARY.length());
        try (Socket socket = new Socket("localhost", port)) {
            socket.setTcpNoDelay(true);
            for (byte part : concat((head + BINARY).getBytes(StandardCharsets.US_ASCII), floats(0, 2, 4, 0.5f))) {
                socket.getOutputStream().write(part);
            }
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(response).startsWith("HTTP/1.1 200 ").contains("\"label\"");
        }
    }

    @Test
    void countsRowsAndExecutionsOfParallelClients() throws Exception {
        String id = create("\"copyOf\": \"" + flowers + "\"");
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                calls.add(() -> {
                    int status = 0;
                    for (int call = 0; call < 25; call++) {
                        status = infer(id, REQUEST).statusCode();
                        status += infer(id, REQUEST.replace("0.5]", "0.5, 1]")).statusCode();
                    }
                    return status;
                });
            }
            for (Future<Integer> client : clients.invokeAll(calls)) {
                assertThat(client.get()).isEqualTo(600);
            }
        } finally {
            clients.shutdown();
        }

        JsonNode statistics = json(get("/v2/models/" + id + "/stats"), 200).at("/model_stats/0");
        assertThat(statistics.path("inference_count").asInt()).isEqualTo(400);
        assertThat(statistics.path("execution_count").asInt()).isEqualTo(200);
        assertThat(statistics.at("/inference_stats/success/count").asInt()).isEqualTo(200);
        assertThat(statistics.at("/inference_stats/fail/count").asInt()).isEqualTo(200);
        assertThat(statistics.at("/inference_stats/compute_infer/ns").asLong()).isPositive();
    }
}
