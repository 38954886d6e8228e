package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Base class for tests of inference: models of matrices and of tables, and what clients of the protocol send. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InferenceTestBase extends ServiceTestBase {

    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Takes 2 numbers and has 3 classes. */
    String flowers = "";

    /** Takes a row of the columns age, city, since, and predicts a number. */
    String rents = "";

    /** Takes a row of the columns a and b, which are numbers with gaps, and has 2 classes. */
    String numbers = "";

    @BeforeAll
    void trainModels() {
        flowers = create("\"hidden\": [8], \"task\": \"classification\"");
        train(flowers, """
            "inputs": [[0,0],[0,2],[2,0],[2,2],[4,0],[4,2]],
            "targets": ["iris","iris","rose","rose","tulip","tulip"], "epochs": 20\
            """);
        rents = create("\"hidden\": [8]");
        train(rents, """
            "rows": [
                {"age": 10, "city": "Bonn", "since": "2020-01-01", "rent": 500},
                {"age": 20, "city": "Köln", "since": "2021-06-01", "rent": 700},
                {"age": null, "city": "Bonn", "since": "2022-01-01", "rent": 650},
                {"age": 40, "city": null, "since": "2023-01-01", "rent": 800}],
            "target": "rent", "epochs": 20\
            """);
        numbers = create("\"hidden\": [8]");
        train(numbers, """
            "rows": [
                {"a": 1, "b": -1, "sick": "no"},
                {"a": 2, "b": null, "sick": "yes"},
                {"a": 3, "b": -3.5, "sick": "no"},
                {"a": null, "b": -4, "sick": "yes"}],
            "target": "sick", "epochs": 20\
            """);
    }

    /** Sends JSON as Triton's clients do, without a content type. */
    HttpResponse<String> infer(String model, String json) {
        return send(request("/v2/models/" + model + "/infer").POST(BodyPublishers.ofString(json)));
    }

    /** Returns the data of the output at an index. */
    static JsonNode data(JsonNode response, int output) {
        return response.path("outputs").path(output).path("data");
    }

    JsonNode outputs(String model, String inputs) {
        return json(infer(model, "{\"inputs\": [" + inputs + "]}"), 200);
    }

    /** JSON followed by binary data. */
    HttpRequest.Builder binaryRequest(String model, String json, byte[]... data) {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        return request("/v2/models/" + model + "/infer")
                .header(HEADER_LENGTH, String.valueOf(head.length))
                .POST(BodyPublishers.ofByteArray(concat(head, concat(data))));
    }

    static HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The JSON of a response with binary data, and its data. */
    record BinaryResponse(JsonNode json, ByteBuffer data) {

        float[] floats(int count) {
            float[] floats = new float[count];
            for (int i = 0; i < count; i++) {
                floats[i] = data.getFloat();
            }
            return floats;
        }

        String text() {
            byte[] text = new byte[data.getInt()];
            data.get(text);
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    BinaryResponse binary(HttpResponse<byte[]> response) {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(Integer.parseInt(header(response, "Content-Length"))).isEqualTo(response.body().length);
        int length = Integer.parseInt(header(response, HEADER_LENGTH));
        return new BinaryResponse(
                mapper.readTree(new String(response.body(), 0, length, StandardCharsets.UTF_8)),
                ByteBuffer.wrap(response.body(), length, response.body().length - length)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN));
    }

    static byte[] floats(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    static byte[] texts(String... values) {
        byte[][] parts = Arrays.stream(values)
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .flatMap(bytes -> java.util.stream.Stream.of(
                        ByteBuffer.allocate(Integer.BYTES)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(bytes.length)
                                .array(),
                        bytes))
                .toArray(byte[][]::new);
        return concat(parts);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Expects the same numbers, to the bit. */
    static void assertSame(JsonNode actual, JsonNode expected) {
        assertThat(actual.size()).isEqualTo(expected.size()).isPositive();
        IntStream.range(0, actual.size())
                .forEach(i -> assertThat(actual.path(i).asDouble())
                        .isEqualTo(expected.path(i).asDouble(), within(0.0)));
    }
}
