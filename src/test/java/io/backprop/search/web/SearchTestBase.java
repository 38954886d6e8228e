package io.backprop.search.web;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Base of tests that search for the settings of small networks. */
abstract class SearchTestBase extends ServiceTestBase {

    /** Fields with examples of two classes. */
    static final String EXAMPLES = "\"inputs\": %s, \"targets\": %s"
            .formatted(
                    IntStream.range(0, 40)
                            .mapToObj(i -> "[%d, %d]".formatted(i * 7 % 10, i * 3 % 8))
                            .toList(),
                    IntStream.range(0, 40)
                            .mapToObj(i -> i * 7 % 10 + i * 3 % 8 > 8 ? "\"yes\"" : "\"no\"")
                            .toList());

    /** The same examples as a table. */
    static final String TABLE = "a,b,y\n"
            + IntStream.range(0, 40)
                    .mapToObj(i ->
                            "%d,%d,%s".formatted(i * 7 % 10, i * 3 % 8, i * 7 % 10 + i * 3 % 8 > 8 ? "yes" : "no"))
                    .collect(Collectors.joining("\n"));

    static final String SPACE = """
        {"learningRate": {"min": 0.001, "max": 0.1, "scale": "log"}, "dropout": {"values": [0, 0.1]}}\
        """;

    /** Options of a search of a moment, in which each trial takes part in up to four rungs. */
    static final String SMALL = "\"space\": %s, \"trials\": 6, \"epochs\": 15".formatted(SPACE);

    /** Creates a model of one hidden layer. */
    String create() {
        return create("\"hidden\": [4]");
    }

    HttpResponse<String> search(String id, String fields) {
        return post("/models/" + id + "/search", "{" + EXAMPLES + ", " + fields + "}");
    }

    /** Searches, waits for the end and returns the search. */
    JsonNode awaitSearch(String id, String fields) {
        return awaitEnd(search(id, fields));
    }

    /** Starts a search with all of its fields, without waiting for it. */
    HttpResponse<String> beginSearch(String id, String fields) {
        return send(request("/models/" + id + "/search")
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString("{" + fields + "}")));
    }
}
