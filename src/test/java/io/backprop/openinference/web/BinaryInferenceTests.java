package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Inference with binary data, as Triton's clients send and ask for it. */
class BinaryInferenceTests extends InferenceTestBase {

    private static final float[] ROWS = {0, 2, 4, 0.5f};

    private static String request(String type, int size, String more) {
        return """
            {"inputs": [{"name": "inputs", "shape": [2, 2], "datatype": "%s", "parameters": {"binary_data_size": %d}}]%s}\
            """.formatted(type, size, more);
    }

    /** The predictions for the rows. */
    private JsonNode expected() {
        return outputs(flowers, InferenceTests.input("inputs", "[2, 2]", "FP32", "[0, 2, 4, 0.5]"));
    }

    private static void assertSame(float[] actual, JsonNode expected) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isEqualTo(expected.path(i).floatValue());
        }
    }

    @Test
    void takesBinaryAndReturnsJson() {
        HttpResponse<String> response = send(binaryRequest(flowers, request("FP32", 16, ""), floats(ROWS)));

        assertSame(data(json(response, 200), 0), data(expected(), 0));
        assertThat(response.headers().firstValue(HEADER_LENGTH)).isEmpty();
    }

    @Test
    void takesAndReturnsBinary() {
        BinaryResponse response = binary(sendForBytes(binaryRequest(
                flowers, request("FP32", 16, ", \"parameters\": {\"binary_data_output\": true}"), floats(ROWS))));

        assertThat(response.json().path("model_version").asString()).isEqualTo("1");
        assertThat(response.json().path("outputs").toString())
                .isEqualTo("[{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[2,3],"
                        + "\"parameters\":{\"binary_data_size\":24}},"
                        + "{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[2],"
                        + "\"parameters\":{\"binary_data_size\":"
                        + (response.data().remaining() - 24) + "}}]");
        JsonNode expected = expected();
        assertSame(response.floats(6), data(expected, 0));
        assertThat(response.text()).isEqualTo(data(expected, 1).path(0).asString());
        assertThat(response.text()).isEqualTo(data(expected, 1).path(1).asString());
        assertThat(response.data().hasRemaining()).isFalse();
    }

    @Test
    void returnsBinaryForJson() {
        HttpResponse<byte[]> response =
                sendForBytes(request("/v2/models/" + flowers + "/infer").POST(BodyPublishers.ofString("""
                    {"inputs": [{"name": "inputs", "shape": [2, 2], "datatype": "FP32", "data": [0, 2, 4, 0.5]}],
                     "parameters": {"binary_data_output": true},
                     "outputs": [{"name": "label", "parameters": {"binary_data": false}}, {"name": "probabilities"}]}\
                    """)));

        BinaryResponse read = binary(response);
        JsonNode expected = expected();
        assertThat(data(read.json(), 0)).isEqualTo(data(expected, 1));
        assertThat(read.json().at("/outputs/1/parameters/binary_data_size").asInt())
                .isEqualTo(24);
        assertSame(read.floats(6), data(expected, 0));
    }

    @Test
    void returnsClassesInBinary() {
        BinaryResponse response = binary(sendForBytes(binaryRequest(
                flowers,
                request(
                        "FP32",
                        16,
                        ", \"outputs\": [{\"name\": \"probabilities\", \"parameters\": {\"binary_data\": true,"
                                + " \"classification\": 1}}]"),
                floats(ROWS))));

        JsonNode output = response.json().at("/outputs/0");
        assertThat(output.path("datatype").asString()).isEqualTo("BYTES");
        assertThat(output.path("shape").toString()).isEqualTo("[2,1]");
        assertThat(response.text()).matches("0\\.\\d+:[012]:(iris|rose|tulip)");
        assertThat(response.text()).endsWith(data(expected(), 1).path(1).asString());
    }

    static Stream<Arguments> elements() {
        return Stream.of(
                Arguments.of("FP64", doubles(0, 2, 4, 0.5)),
                Arguments.of("FP16", shorts(0, 0x4000, 0x4400, 0x3800)),
                Arguments.of("BF16", shorts(0, 0x4000, 0x4080, 0x3f00)));
    }

    @ParameterizedTest
    @MethodSource("elements")
    void readsFractions(String type, byte[] data) {
        String json = request(type, data.length, "");

        assertSame(data(json(send(binaryRequest(flowers, json, data)), 200), 0), data(expected(), 0));
    }

    static Stream<Arguments> integers() {
        return Stream.of(
                Arguments.of("UINT8", bytes(0, 2, 255, 1), "[0, 2, 255, 1]"),
                Arguments.of("INT8", bytes(0, 2, 255, 128), "[0, 2, -1, -128]"),
                Arguments.of("BOOL", bytes(0, 1, 1, 0), "[0, 1, 1, 0]"),
                Arguments.of("UINT16", shorts(0, 2, 0xffff, 1), "[0, 2, 65535, 1]"),
                Arguments.of("INT16", shorts(0, 2, 0xffff, 1), "[0, 2, -1, 1]"),
                Arguments.of("UINT32", ints(0, 2, -1, 1), "[0, 2, 4294967295, 1]"),
                Arguments.of("INT32", ints(0, 2, -1, 1), "[0, 2, -1, 1]"),
                Arguments.of(
                        "UINT64", longs(0, 2, -1, Long.MIN_VALUE), "[0, 2, 18446744073709551615, 9223372036854775808]"),
                Arguments.of("INT64", longs(0, 2, -1, Long.MIN_VALUE), "[0, 2, -1, -9223372036854775808]"),
                Arguments.of("FP16", shorts(1, 0x03ff, 0xc000, 0x7bff), "[5.9604645e-8, 6.097555e-5, -2, 65504]"));
    }

    @ParameterizedTest
    @MethodSource("integers")
    void readsEachTypeAsItsNumbers(String type, byte[] data, String same) {
        String json = request(type, data.length, "");
        String number = type.equals("BOOL") ? "UINT8" : type.equals("FP16") ? "FP32" : type;

        assertSame(
                data(json(send(binaryRequest(flowers, json, data)), 200), 0),
                data(outputs(flowers, InferenceTests.input("inputs", "[2, 2]", number, same)), 0));
    }

    private static byte[] bytes(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.array();
    }

    private static byte[] shorts(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Short.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putShort((short) value);
        }
        return buffer.array();
    }

    private static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    private static byte[] longs(long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            buffer.putLong(value);
        }
        return buffer.array();
    }

    private static byte[] doubles(double... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            buffer.putDouble(value);
        }
        return buffer.array();
    }

    /** The data is in the order of the inputs, and one of them may be in JSON. */
    @Test
    void readsColumnsOfATable() {
        byte[] city = texts("Köln", "");
        byte[] age = floats(10, Float.NaN);
        String json = """
            {"inputs": [
                {"name": "city", "shape": [2], "datatype": "BYTES", "parameters": {"binary_data_size": %d}},
                {"name": "since", "shape": [2, 1], "datatype": "BYTES", "data": ["2020-01-01", null]},
                {"name": "age", "shape": [2], "datatype": "FP32", "parameters": {"binary_data_size": 8}}]}\
            """.formatted(city.length);

        JsonNode rows = json(post("/models/" + rents + "/predict", """
            {"rows": [{"age": 10, "city": "Köln", "since": "2020-01-01"},
                      {"age": null, "city": null, "since": null}]}\
            """), 200);
        JsonNode response = json(send(binaryRequest(rents, json, city, age)), 200);
        assertThat(data(response, 0).path(0)).isEqualTo(rows.at("/predictions/0/0"));
        assertThat(data(response, 0).path(1)).isEqualTo(rows.at("/predictions/1/0"));
    }

    @Test
    void takesNaNAsAGap() {
        String json = request("FP32", 16, "");

        assertSame(
                data(json(send(binaryRequest(numbers, json, floats(1, Float.NaN, Float.NaN, 3))), 200), 0),
                data(outputs(numbers, InferenceTests.input("inputs", "[2, 2]", "FP32", "[1, null, null, 3]")), 0));
    }

    /** A header of length 0: the body is the data of the only input, and its length gives the number of rows. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesABodyWithoutJson(boolean chunked) {
        HttpResponse<String> response = send(request("/v2/models/" + flowers + "/infer")
                .header(HEADER_LENGTH, "0")
                .header("Content-Type", "application/octet-stream")
                .POST(
                        chunked
                                ? BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(floats(ROWS)))
                                : BodyPublishers.ofByteArray(floats(ROWS))));

        assertSame(data(json(response, 200), 0), data(expected(), 0));
    }

    @Test
    void takesATextAsABodyWithoutJson() {
        String id = create("\"hidden\": [4]");
        train(id, """
            "rows": [{"city": "Bonn", "rent": 1}, {"city": "Köln", "rent": 2}, {"city": "Köln", "rent": 3}], "target": "rent", "epochs": 5\
            """);

        HttpResponse<String> response = send(request("/v2/models/" + id + "/infer")
                .header(HEADER_LENGTH, "0")
                .POST(BodyPublishers.ofString("Köln")));

        assertSame(
                data(json(response, 200), 0),
                data(outputs(id, InferenceTests.input("city", "[1]", "BYTES", "[\"Köln\"]")), 0));
    }

    /** More than the blocks in which a large body is read. */
    @Test
    void readsLargeBodies() {
        int rows = 50_000;
        float[] values = new float[2 * rows];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 5 * 0.9f;
        }
        String json = """
            {"inputs": [{"name": "inputs", "shape": [%d, 2], "datatype": "FP32", "parameters": {"binary_data_size": %d}}],
             "outputs": [{"name": "probabilities", "parameters": {"binary_data": true}}]}\
            """.formatted(rows, 8 * rows);

        BinaryResponse response = binary(sendForBytes(binaryRequest(flowers, json, floats(values))));
        float[] probabilities = response.floats(3 * rows);
        JsonNode some = data(
                outputs(
                        flowers,
                        InferenceTests.input(
                                "inputs",
                                "[1, 2]",
                                "FP32",
                                "[" + values[2 * rows - 2] + ", " + values[2 * rows - 1] + "]")),
                0);
        for (int i = 0; i < 3; i++) {
            assertThat(probabilities[3 * rows - 3 + i]).isEqualTo(some.path(i).floatValue());
        }
    }

    static Stream<Arguments> lies() {
        byte[] rows = floats(ROWS);
        String json = request("FP32", 16, "");
        int length = json.length();
        return Stream.of(
                Arguments.of(json, String.valueOf(length), concat(rows, new byte[1]), "has more bytes"),
                Arguments.of(json, String.valueOf(length), floats(1, 2, 3), "ends within the data of input \"inputs\""),
                Arguments.of(json, String.valueOf(length), new byte[0], "ends within the data of input \"inputs\""),
                Arguments.of(json, String.valueOf(length - 1), rows, "ends before its JSON does"),
                Arguments.of(json, "10", rows, "ends before its JSON does"),
                Arguments.of(json, "999999999", rows, "the body has only " + (length + 16) + " bytes"),
                Arguments.of(json, "9999999999", rows, "must be a whole number of at most 9 digits"),
                Arguments.of(json, "-1", rows, "must be a whole number of at most 9 digits"),
                Arguments.of(json, "1e3", rows, "but was \"1e3\""),
                Arguments.of(json, "x", rows, "but was \"x\""),
                Arguments.of(json, String.valueOf(length + 16), new byte[16], "is not valid JSON"),
                Arguments.of(json, "0", rows, "must have a multiple of 8 bytes"),
                Arguments.of(request("FP32", 15, ""), null, rows, "must be 16, for 4 elements of FP32, but was 15"),
                Arguments.of(request("FP32", 17, ""), null, rows, "must be 16, for 4 elements of FP32, but was 17"),
                Arguments.of(request("FP32", 0, ""), null, rows, "must be 16, for 4 elements of FP32, but was 0"),
                Arguments.of(request("FP32", -16, ""), null, rows, "but was -16"),
                Arguments.of(request("FP64", 16, ""), null, rows, "must be 32, for 4 elements of FP64"),
                Arguments.of(
                        json.replace("16}", "16000000000000000000}"),
                        null,
                        rows,
                        "must be a whole number from -9223372036854775808"),
                Arguments.of(
                        json.replace("[2, 2]", "[1500000000, 2]").replace("16}", "12000000000}"),
                        null,
                        rows,
                        "must have at most"),
                Arguments.of(
                        json.replace("[2, 2]", "[250000000, 2]").replace("16}", "2000000000}"),
                        null,
                        rows,
                        "ends within the data"),
                Arguments.of(
                        json.replace("}}]", "}, \"data\": [1, 2, 3, 4]}]"),
                        null,
                        rows,
                        "either data or binary_data_size, but has both"),
                Arguments.of(request("BOOL", 4, ""), null, new byte[] {0, 1, 2, 1}, "must be 0 or 1"),
                Arguments.of(json, null, floats(1, 2, Float.NaN, 3), "element 2 of input \"inputs\" must be a number"),
                Arguments.of(json, null, floats(1, 2, Float.POSITIVE_INFINITY, 3), "must be a finite number"),
                Arguments.of(
                        request("FP64", 32, ""),
                        null,
                        doubles(1e300, 0, 0, 0),
                        "must be a finite number that fits float32"),
                Arguments.of("", "0", new byte[7], "must have a multiple of 8 bytes"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void rejectsDataThatIsNotAsAnnounced(String json, String headerLength, byte[] data, String message) {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> response = send(request("/v2/models/" + flowers + "/infer")
                .header(HEADER_LENGTH, headerLength == null ? String.valueOf(head.length) : headerLength)
                .POST(BodyPublishers.ofByteArray(concat(head, data))));

        assertThat(error(response, 400)).contains(message);
    }

    @Test
    void rejectsBinaryDataWithoutTheHeader() {
        HttpResponse<String> response = infer(flowers, request("FP32", 16, ""));

        assertThat(error(response, 400)).contains("needs the header " + HEADER_LENGTH);
    }

    static Stream<Arguments> invalidTexts() {
        return Stream.of(
                Arguments.of(1, texts("a"), 5, "must have the same number of rows"),
                Arguments.of(2, texts("a"), 5, "has 2 elements, but its data ends after 1"),
                Arguments.of(2, texts("a", "b", "c"), 15, "has 2 elements, but 5 more bytes"),
                Arguments.of(2, new byte[] {-1, -1, -1, -1, 1, 1, 1, 1}, 8, "but element 0 has 4294967295"),
                Arguments.of(2, new byte[] {0, 0, 0, -128, 1, 1, 1, 1}, 8, "but element 0 has 2147483648"),
                Arguments.of(2, concat(texts("a"), new byte[] {9, 0, 0, 0}), 9, "but element 1 has 9"),
                Arguments.of(2, texts("a", "x".repeat(70_000)), 70_009, "but element 1 has 70000"),
                Arguments.of(2, new byte[] {0, 0, 0}, 3, "but its data ends after 0"),
                Arguments.of(2, concat(texts("a"), new byte[] {1, 0, 0, 0, (byte) 0xff}), 10, "must be UTF-8"),
                Arguments.of(2, texts("a"), 500, "the body ends within the data of input \"city\""));
    }

    @ParameterizedTest
    @MethodSource("invalidTexts")
    void rejectsInvalidTexts(int rows, byte[] data, int size, String message) {
        String json = """
            {"inputs": [
                {"name": "age", "shape": [2], "datatype": "FP32", "data": [1, 2]},
                {"name": "since", "shape": [2], "datatype": "BYTES", "data": ["", ""]},
                {"name": "city", "shape": [%d], "datatype": "BYTES", "parameters": {"binary_data_size": %d}}]}\
            """.formatted(rows, size);

        assertThat(error(send(binaryRequest(rents, json, data)), 400)).contains(message);
    }

    @Test
    void rejectsABodyWithoutJsonForSeveralInputs() {
        HttpResponse<String> response = send(request("/v2/models/" + rents + "/infer")
                .header(HEADER_LENGTH, "0")
                .POST(BodyPublishers.ofByteArray(floats(1, 2, 3))));

        assertThat(error(response, 400)).contains("for a model with a single input, but this one has 3");
    }
}
