package io.backprop.web.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.backprop.web.EchoController;
import io.backprop.web.WebTestBase;
import io.backprop.web.problem.ProblemType;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

class MatrixJsonTests extends WebTestBase {

    @Autowired
    private JsonMapper serviceMapper;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputs": [[0, 1], [1, 1e400]]}   | /inputs/1/1 | must be a number that fits float32, at most 3.4028235e38, but was 1e400
            {"inputs": [[0, 1], [1e39, 1]]}    | /inputs/1/0 | must be a number that fits float32, at most 3.4028235e38, but was 1e39
            {"inputs": [[0, "1"]]}             | /inputs/0/1 | must be a number, but was "1"
            {"inputs": [[0, true]]}            | /inputs/0/1 | must be a number, but was true
            {"inputs": [[0, null]]}            | /inputs/0/1 | must be a number, but was null
            {"inputs": [[0], [1], [2], [3, [4]]]} | /inputs/3/1 | must be a number, but was a list
            {"inputs": [[{}]]}                 | /inputs/0/0 | must be a number, but was an object
            {"inputs": [[0, NaN]]}             | /inputs/0/1 | must be a finite number: NaN and Infinity are not JSON
            {"inputs": [0, 1]}                 | /inputs/0   | each row of inputs must be a list of numbers, as in [[5.1, 3.5], [4.9, 3.0]], but row 0 was 0
            {"inputs": [[0], null]}            | /inputs/1   | each row of inputs must be a list of numbers, as in [[5.1, 3.5], [4.9, 3.0]], but row 1 was null
            {"inputs": "0"}                    | /inputs     | must be a list of rows of numbers, such as [[5.1, 3.5], [4.9, 3.0]], but was "0"
            {"inputs": {}}                     | /inputs     | must be a list of rows of numbers, such as [[5.1, 3.5], [4.9, 3.0]], but was an object
            {"inputs": [[0]], "targets": 1}    | /targets    | must be a list of numbers, of rows of numbers or of classes, but was 1
            {"inputs": [[0]], "targets": [0, "a"]}    | /targets/1 | must be a number, but was "a"
            {"inputs": [[0]], "targets": ["a", 0]}    | /targets/1 | must be text like the classes before it, but was 0
            {"inputs": [[0]], "targets": ["a", true]} | /targets/1 | must be text like the classes before it, but was true
            {"inputs": [[0]], "targets": [true, "a"]} | /targets/1 | must be true or false like the classes before it, but was "a"
            {"inputs": [[0]], "targets": ["a", null]} | /targets/1 | must be text like the classes before it, but was null
            {"inputs": [[0]], "targets": [null, 1]} | /targets | each of targets must be a number, a row of numbers or a class, but row 0 was null
            {"inputs": [[0]], "targets": [[0], ["a"]]} | /targets/1/0 | must be a number, but was "a"; classes are sent as a flat list, such as ["no", "yes"]
            {"inputs": [[0]], "sampleWeights": [[1]]} | /sampleWeights/0 | must be a number, but was a list
            {"inputs": [[0]], "sampleWeights": 1}     | /sampleWeights   | must be a list of numbers, but was 1
            """)
    void rejectsOtherValues(String json, String pointer, String detail) {
        assertOneError(post("/echo/data/xor", json), ProblemType.UNREADABLE_FIELD, pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputs": []}                      | /inputs   | inputs must have at least 1 row, but has none
            {"inputs": [[]]}                    | /inputs/0 | row 0 of inputs must have at least 1 number, but has none
            {"inputs": [[0], []]}               | /inputs/1 | row 1 of inputs must have at least 1 number, but has none
            {"inputs": [[1,2],[1,2],[1,2],[1,2,3,4]]} | /inputs/3 | row 3 of inputs has 4 numbers, but row 0 has 2
            {"inputs": [[1,2],[1]]}             | /inputs/1 | row 1 of inputs has 1 number, but row 0 has 2
            {"inputs": [[0]], "targets": []}    | /targets  | targets must have at least 1 row, but has none
            {"inputs": [[0]], "targets": [" "]} | /targets/0 | a class must not be blank
            {"targets": [0]}                    | /inputs   | is required
            {"inputs": null}                    | /inputs   | is required
            """)
    void rejectsInvalidMatrices(String json, String pointer, String detail) {
        assertOneError(post("/echo/data/xor", json), ProblemType.INVALID_FIELD, pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [[0],[1]]        | [[0.0],[1.0]]
            [0,1.5]          | [[0.0],[1.5]]
            ["yes","no"]     | ["yes","no"]
            [true,false]     | ["true","false"]
            """)
    void readsAllKindsOfTargets(String sent, String read) {
        HttpResponse<String> response = post("/echo/data/xor", "{\"inputs\": [[0], [1]], \"targets\": " + sent + "}");

        assertThat(json(response).path("targets").toString()).isEqualTo(read);
    }

    @Test
    void rejectsLongLabel() {
        String label = "x".repeat(257);

        HttpResponse<String> response = post("/echo/data/xor", "{\"inputs\": [[0]], \"targets\": [\"" + label + "\"]}");

        assertOneError(
                response,
                ProblemType.INVALID_FIELD,
                "/targets/0",
                "a class must have at most 256 characters, but has 257");
    }

    @Test
    void allocatesAtMostThreeTimesThePackedFloats() {
        int rows = 100_000;
        byte[] json =
                ("{\"inputs\": [[1.5, -2]" + ",[1.5, -2]".repeat(rows - 1) + "]}").getBytes(StandardCharsets.UTF_8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        serviceMapper.readValue(json, EchoController.DataRequest.class);

        long before = threads.getCurrentThreadAllocatedBytes();
        serviceMapper.readValue(json, EchoController.DataRequest.class);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated).isLessThan(3L * Float.BYTES * rows * 2);
    }

    @Test
    void readsManyRowsToTheLastBit() {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 20_000; row++) {
            rows.append(row == 0 ? "[" : ",[")
                    .append(row)
                    .append(',')
                    .append(Float.toString(row / 3f))
                    .append(']');
        }

        HttpResponse<String> response = post("/echo/data/xor", "{\"inputs\": [" + rows + "]}");

        assertThat(json(response).path("inputs").size()).isEqualTo(20_000);
        for (int row = 0; row < 20_000; row += 777) {
            assertThat(json(response).path("inputs").path(row).path(0).asInt()).isEqualTo(row);
            assertThat(json(response).path("inputs").path(row).path(1).floatValue())
                    .isEqualTo(row / 3f);
        }
    }
}
