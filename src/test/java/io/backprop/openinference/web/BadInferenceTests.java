package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.SeededRandom;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests that make no sense: each gets a message that names the input, the rule and what was received. */
class BadInferenceTests extends InferenceTestBase {

    private static final String GOOD =
            "{\"inputs\": [{\"name\": \"inputs\", \"shape\": [2, 2], \"datatype\": \"FP32\", \"data\": [0, 2, 4,"
                    + " 0.5]}]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[-1, 2]                     | must have dimensions from 1 to 2147483639, but was [-1, 2]",
                "[0, 2]                      | must have dimensions from 1 to 2147483639, but was [0, 2]",
                "[2, -2]                     | must have dimensions from 1",
                "[9223372036854775807, 2]    | must have dimensions from 1",
                "[9223372036854775808, 2]    | must be a whole number from -9223372036854775808",
                "[4294967296, 4294967296, 1] | must have dimensions from 1",
                "[2147483639, 2]             | must have at most 2147483639 elements, but its shape is [2147483639, 2]",
                "[1000000000, 2]             | must have 2000000000 elements, as its shape [1000000000, 2] says, but"
                        + " has 4",
                "[1, 2]                      | must have 2 elements, as its shape [1, 2] says, but has 4",
                "[3, 2]                      | must have 6 elements, as its shape [3, 2] says, but has 4",
                "[2, 3]                      | the shape of input `inputs` must be [-1, 2], but was [2, 3]",
                "[4]                         | must be [-1, 2], but was [4]",
                "[]                          | must be [-1, 2], but was []",
                "[1, 1, 1, 1, 1, 1, 1, 1, 4] | must be [-1, 2], but was [1, 1, 1, 1, 1, 1, 1, 1, …]",
                "[2, 1, 2]                   | must be [-1, 2], but was [2, 1, 2]",
                "[2.5, 2]                    | inputs[0].shape[0] must be a whole number",
                "[2, null]                   | shape must be a list of whole numbers, but is missing or null",
                "`2`                         | shape must be a list",
                "null                        | inputs[0].shape must be a list of whole numbers, but is missing or null"
            })
    void rejectsShapesThatLie(String shape, String message) {
        assertThat(error(infer(flowers, GOOD.replace("[2, 2]", shape.replace('`', '"'))), 400))
                .contains(message.replace('`', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[[0, 2], [4]]             | nested as the shape says",
                "[[0, 2], 4, 5]            | nested as the shape says",
                "[0, [2], 4, 5]            | nested as the shape says",
                "[[0], [2], [4], [5]]      | must be nested as its shape [2, 2] says, or be a flat list, but is nested"
                        + " as [4, 1]",
                "[[[0, 2], [4, 5]]]        | is nested as [1, 2, 2]",
                "[[[[[[[[[1]]]]]]]]]        | nested at most 8 deep",
                "[]                        | must have 4 elements, as its shape [2, 2] says, but has 0",
                "[[], []]                  | has 0",
                "5                         | must be a list of elements, such as [5.1, 3.5], but was 5",
                "{}                        | must be a list of elements",
                "[{}]                      | must be a number, text, true, false or null, but was an object",
                "[0, 2, 4, 'x']            | must be a number, as the elements before it, but was `x`",
                "['x', 2, 4, 5]            | must be text, as the elements before it, but was 2",
                "[true, 2, 4, 5]           | must be true or false, as the elements before it",
                "['0', '2', '4', '5']      | must have elements of FP32, each a number, but has text",
                "[true, true, true, true]  | each a number, but has true or false",
                "[0, 2, 4, 1e39]           | must be a number that fits float32, at most 3.4028235e38, but was 1e39",
                "[0, 2, 4, -1e400]         | must be a number that fits float32",
                "[0, 2, 4, NaN]            | NaN and Infinity are not JSON",
                "[0, 2, null, 1]           | element 2 of input `inputs` must be a number, but is missing",
                "[null, null, null, null]  | element 0 of input `inputs` must be a number, but is missing",
                "null                      | must have data, or binary_data_size in its parameters"
            })
    void rejectsInvalidData(String data, String message) {
        String json = GOOD.replace("[0, 2, 4, 0.5]", data.replace('\'', '"'));

        assertThat(error(infer(flowers, json), 400)).contains(message.replace('`', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UINT8  | 300                  | from 0 to 255, but has 300",
                "UINT8  | -1                   | from 0 to 255, but has -1",
                "INT8   | 128                  | from -128 to 127, but has 128",
                "INT8   | -129                 | from -128 to 127, but has -129",
                "UINT16 | 65536                | from 0 to 65535, but has 65536",
                "INT16  | -32769               | from -32768 to 32767, but has -32769",
                "UINT32 | 4294967296           | from 0 to 4294967295, but has 4294967296",
                "INT32  | 2147483648           | from -2147483648 to 2147483647, but has 2147483648",
                "INT32  | 1.5                  | whole numbers from -2147483648 to 2147483647, but has 1.5",
                "INT32  | 1e2                  | but has 1e2",
                "UINT64 | -1                   | from 0 to 18446744073709551615, but has -1",
                "UINT64 | 18446744073709551616 | but has 18446744073709551616",
                "INT64  | 9223372036854775808  | to 9223372036854775807, but has 9223372036854775808",
                "INT64  | -9223372036854775809 | but has -9223372036854775809",
                "FP16   | 70000                | must have numbers that fit FP16, but has ±70000.0",
                "BOOL   | 1                    | must have elements of BOOL, each true or false, but has a number",
                "BYTES  | 1                    | datatype of input \"inputs\" must be FP32 or another of numbers, but"
                        + " was BYTES",
                "FP8    | 1                    | datatype \"FP8\" of input \"inputs\" is unknown here; known: BOOL",
                "fp32   | 1                    | did you mean FP32?",
                "STRING | 1                    | datatype \"STRING\" of input \"inputs\" is unknown here"
            })
    void rejectsValuesBeyondTheirType(String type, String value, String message) {
        String json = GOOD.replace("FP32", type).replace("0.5", "2").replace("[0, 2, 4,", "[" + value + ", 1, 1,");

        assertThat(error(infer(flowers, type.equals("BOOL") ? json.replace("1, 1, 2", "1, 1, 1") : json), 400))
                .contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UINT64 18446744073709551615",
                "INT64 -9223372036854775808",
                "UINT8 255",
                "INT8 -128",
                "FP16 65504"
            })
    void acceptsTheExtremesOfEachType(String typeAndValue) {
        String[] parts = typeAndValue.split(" ", -1);
        String json = GOOD.replace("FP32", parts[0]).replace("[0, 2, 4, 0.5]", "[" + parts[1] + ", 2, 4, 1]");

        json(infer(flowers, json), 200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                  | inputs is required and must have at least 1 input",
                "{'inputs': []}                      | inputs is required",
                "{'inputs': null}                    | inputs is required",
                "{'inputs': [null]}                  | inputs[0] must be an input, but is missing or null",
                "{'inputs': {}}                      | inputs must be a list",
                "{'inputs': [{}]}                    | inputs[0].name must be text, but is missing or null",
                "{'inputs': [{'name': 'input'}]}     | input `input` is unknown here; did you mean inputs? Known:"
                        + " inputs",
                "{'inputs': [{'name': 'inputs'}]}    | inputs[0].datatype must be text, but is missing or null",
                "{'inputs': [{'name': 'inputs', 'datatype': 'FP32'}]} | inputs[0].shape must be",
                "{'inputs': [{'name': 'inputs', 'datatype': 'FP32', 'shape': [1, 2]}]} | must have data, or"
                        + " binary_data_size",
                "{'inputs': [{'name': 'inputs', 'datatype': 'FP32', 'shape': [1, 2], 'daat': []}]} | did you mean"
                        + " data?",
                "{'id': 1}                           | id must be text",
                "{'input': []}                       | did you mean inputs?",
                "null                                | must have a body",
                "[1]                                 | must be an object",
                "{'inputs': [                        | ends before its JSON does",
                "{'inputs': [], 'inputs': []}        | inputs is given more than once"
            })
    void rejectsInvalidRequests(String json, String message) {
        assertThat(error(infer(flowers, json.replace('\'', '"')), 400)).contains(message.replace('`', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'name': 'probability'}]                     | output `probability` is unknown here; did you mean"
                        + " probabilities?",
                "[{'name': 'predictions'}]                     | known: probabilities, label",
                "[{'name': 'label'}, {'name': 'label'}]        | output `label` is given more than once",
                "[{}]                                          | outputs[0].name must be text",
                "[null]                                        | outputs[0] must be an output",
                "[{'name': 'label', 'parameters': {'classification': 2}}] | is for the output `probabilities` of a"
                        + " classifier",
                "[{'name': 'probabilities', 'parameters': {'classification': -1}}] | must be at least 0, but was -1",
                "[{'name': 'probabilities', 'parameters': {'classification': 'a'}}] | must be a whole number",
                "[{'name': 'label', 'parameters': {'binary_data': 1}}] | binary_data must be true or false"
            })
    void rejectsInvalidOutputs(String outputs, String message) {
        String json = GOOD.replaceFirst("}$", ", \"outputs\": " + outputs.replace('\'', '"') + "}");

        assertThat(error(infer(flowers, json), 400)).contains(message.replace('`', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "age FP32 [1]                      | there is none for `city`, `since`",
                "age FP32 [1], age FP32 [1]        | input `age` is given more than once",
                "agee FP32 [1]                     | input `agee` is unknown here; did you mean age? Known: age, city,"
                        + " since",
                "age BYTES ['1']                   | datatype of input `age` must be FP32 or another of numbers, but"
                        + " was BYTES",
                "city INT32 [1]                    | datatype of input `city` must be BYTES, but was INT32",
                "age FP32 [1], city BYTES ['a', 'b'] | input `age` has 1 and `city` 2",
                "inputs FP32 [1, 2, 3]             | input `inputs` is unknown here",
                "age FP32 [1], city BYTES ['a'], since BYTES ['soon'] | column `since`",
                "age FP32 [1], city BYTES [1], since BYTES [''] | must have elements of BYTES, each text, but has a"
                        + " number"
            })
    void rejectsInputsThatAreNotTheColumns(String inputs, String message) {
        String json = Arrays.stream(inputs.replace('\'', '"').split(", (?=[a-z]+ [A-Z])", -1))
                .map(input -> input.split(" ", 3))
                .map(parts ->
                        InferenceTests.input(parts[0], "[" + parts[2].split(",", -1).length + "]", parts[1], parts[2]))
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();

        assertThat(error(infer(rents, "{\"inputs\": [" + json + "]}"), 400)).contains(message.replace('`', '"'));
    }

    @Test
    void rejectsTheMatrixBesideColumns() {
        String inputs = InferenceTests.input("inputs", "[1, 2]", "FP32", "[1, 2]") + ", "
                + InferenceTests.input("a", "[1]", "FP32", "[1]");

        assertThat(error(infer(numbers, "{\"inputs\": [" + inputs + "]}"), 400))
                .contains("input \"inputs\" has the values of all columns");
    }

    @Test
    void rejectsDeepNesting() {
        int depth = 100_000;

        assertThat(error(infer(flowers, GOOD.replace("[0, 2, 4, 0.5]", "[".repeat(depth))), 400))
                .contains("nested at most");
        assertThat(error(infer(flowers, "[".repeat(depth)), 400)).isNotEmpty();
        assertThat(error(infer(flowers, "{\"parameters\": " + "{\"a\":".repeat(depth)), 400))
                .contains("nested at most");
    }

    @Test
    void rejectsAnEmptyBody() {
        assertThat(error(send(request("/v2/models/" + flowers + "/infer").POST(BodyPublishers.noBody())), 400))
                .contains("must have a body");
    }

    @Test
    void rejectsRowsBeyondTheLimitOfARow() {
        String text = "x".repeat(65_000);

        assertThat(error(
                        infer(
                                rents,
                                "{\"inputs\": [" + InferenceTests.input("age", "[1]", "FP32", "[1]") + ", "
                                        + InferenceTests.input("since", "[1]", "BYTES", "[\"\"]") + ", "
                                        + InferenceTests.input(
                                                "city", "[1]", "BYTES", "[\"" + text + "xxxxxx".repeat(100) + "\"]")
                                        + "]}"),
                        400))
                .contains("texts of at most 65536");
    }

    /** Every changed request gets a response of the protocol. */
    @Test
    @ExtendWith(SeededRandom.class)
    void survivesMutations(Random random) {
        byte[] json = """
            {"id": "1", "parameters": {"binary_data_output": true}, "inputs": [{"name": "inputs", "shape": [2, 2], "datatype": "FP32", "parameters": {"binary_data_size": 16}}], "outputs": [{"name": "label"}]}\
            """.getBytes(StandardCharsets.UTF_8);
        byte[] whole = concat(json, floats(0, 2, 4, 0.5f));
        for (int i = 0; i < 300; i++) {
            byte[] body = whole.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                body[random.nextInt(body.length)] =
                        (byte) (random.nextBoolean() ? 32 + random.nextInt(95) : random.nextInt());
            }
            byte[] sent = random.nextInt(4) == 0 ? Arrays.copyOf(body, random.nextInt(body.length + 20)) : body;
            int length = random.nextInt(4) == 0 ? random.nextInt(sent.length + 20) : json.length;
            HttpRequest.Builder request = request("/v2/models/" + flowers + "/infer")
                    .header(HEADER_LENGTH, String.valueOf(length))
                    .POST(BodyPublishers.ofByteArray(sent));
            HttpResponse<byte[]> response = sendForBytes(request);

            String text = new String(response.body(), StandardCharsets.UTF_8);
            assertThat(response.statusCode()).as(text).isIn(200, 400);
            if (response.statusCode() == 400) {
                assertThat(json(text).path("error").asString()).isNotEmpty();
            }
        }
    }

    private JsonNode json(String text) {
        return mapper.readTree(text);
    }
}
