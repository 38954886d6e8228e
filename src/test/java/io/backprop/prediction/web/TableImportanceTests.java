package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Importance of the columns of a table. */
class TableImportanceTests extends ServiceTestBase {

    private static final String CSV = "text/csv";
    private static final String NETWORK = """
            "hidden": [{"units": 16}], "seed": 7""";

    /** Only the kind determines the price; the size hardly does, and the day not at all. */
    private static final List<String> GOODS = goods(600);

    @Test
    void permutesAllInputsOfACategoricalColumnTogether() {
        String id = trained("target=price&epochs=100", csv(GOODS));

        JsonNode answer = json(send(id, "importance", CSV, csv(GOODS)), 200);

        assertThat(answer.propertyNames())
                .containsExactly("model", "version", "examples", "metric", "score", "repeats", "features");
        assertThat(answer.path("examples").asInt()).isEqualTo(600);
        assertThat(answer.path("metric").asString()).isEqualTo("r2");
        assertThat(answer.path("score").asDouble()).isGreaterThan(0.99);
        assertThat(names(answer)).containsExactly("kind", "size", "day");
        // prices 0, 10 and 40 vary by 289 around their mean, of which a random order leaves errors of twice that
        assertThat(answer.at("/features/0/mean").asDouble()).isBetween(1.8, 2.1);
        assertThat(answer.at("/features/1/mean").asDouble()).isBetween(0.005, 0.1);
        assertThat(answer.at("/features/2/mean").asDouble()).isBetween(-0.005, 0.005);
    }

    @Test
    void sameTableGivesTheSameImportanceInAllFormats() {
        String id = trained("target=price&epochs=10", csv(GOODS));
        List<String> objects = GOODS.stream().map(TableImportanceTests::object).toList();

        JsonNode csv = json(send(id, "importance?repeats=3&seed=5&version=1", CSV, csv(GOODS)), 200);
        JsonNode ndjson =
                json(send(id, "importance?seed=5&repeats=3", "application/x-ndjson", String.join("\n", objects)), 200);
        JsonNode json = json(post("/models/" + id + "/importance", """
                        {"rows": %s, "repeats": 3, "seed": 5}""".formatted(objects)), 200);

        assertThat(csv.path("repeats").asInt()).isEqualTo(3);
        assertThat(ndjson).isEqualTo(csv);
        assertThat(json).isEqualTo(csv);
    }

    @Test
    void billAndFlippersAreMostImportantForPenguins() throws IOException {
        String penguins = Files.readString(Path.of("src/test/resources/data/penguins.csv"));
        String id = trained("target=species&epochs=100", penguins);

        JsonNode answer = json(send(id, "importance", CSV, penguins), 200);

        assertThat(answer.path("metric").asString()).isEqualTo("accuracy");
        assertThat(answer.path("score").asDouble()).isGreaterThan(0.98);
        assertThat(names(answer)).startsWith("beak_length_mm").hasSize(6);
        assertThat(answer.at("/features/0/mean").asDouble()).isBetween(0.1, 0.5);
        assertThat(answer.at("/features/5/mean").asDouble()).isLessThan(0.05);
    }

    @Test
    void warnsAboutUnknownCategories() {
        String id = trained("target=price&epochs=1", csv(GOODS));

        JsonNode answer = json(send(id, "importance", CSV, "price,kind,size,day\n1,wood,2,3\n2,iron,3,4\n"), 200);

        assertThat(answer.path("warnings").size()).isEqualTo(1);
        assertThat(answer.path("warnings").toString()).contains("kind", "wood");
    }

    /** Only the learned categories have inputs, however many others there are. */
    @Test
    void acceptsAnyNumbersInACategoricalColumn() {
        String rows = IntStream.range(0, 3_000)
                .mapToObj(i -> "%d,%d".formatted(10_000 + i, i % 7))
                .collect(Collectors.joining("\n", "zip,y\n", "\n"));
        String id = trained("target=y&epochs=1&columns.zip=categorical", "zip,y\n10000,1\n10001,2\n10000,2\n");

        JsonNode answer = json(send(id, "importance", CSV, rows), 200);

        assertThat(answer.path("examples").asInt()).isEqualTo(3_000);
        assertThat(answer.path("warnings").toString()).contains("2998 cells with categories not seen in training");
    }

    @Test
    void limitsCellsOfTables() {
        String id = trained("target=y&epochs=1", words(2_000));

        JsonNode problem = problem(send(id, "importance", CSV, words(40_000)), 422, "limit-exceeded");

        assertThat(problem.path("detail").asString())
                .startsWith("a request may have at most 33554432 rows × inputs, but this one has ")
                .endsWith(" × 1000");
    }

    /** A thousand categories, each of which becomes an input. */
    private static String words(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(i -> "w%d,%d".formatted(i % 1_000, i % 7))
                .collect(Collectors.joining("\n", "word,y\n", "\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            kind,size,day,price;iron,2,3,1                  | there must be at least 2 rows
            kind,size,day;iron,2,3;gold,2,3                 | price
            size,day,price;1,2,3;4,5,6                      | kind
            kind,size,day,price;iron,2,3,5;gold,2,3,5       | r2 needs targets that differ between rows, but all in column "price" are 5.0
            kind,size,day,price;iron,2,3,5;gold,2,3,        | there must be at least 2 rows
            """)
    void rejectsUnmeasurableTables(String lines, String detail) {
        String id = trained("target=price&epochs=1", csv(GOODS));

        HttpResponse<String> response = send(id, "importance", CSV, lines.replace(';', '\n') + "\n");

        assertThat(problem(response, 422, "invalid-field").path("detail").asString())
                .contains(detail);
    }

    @Test
    void reportsUnknownClass() {
        String id = trained("target=kind&epochs=1", csv(GOODS));

        JsonNode problem = problem(
                post(
                        "/models/" + id + "/importance",
                        "{\"rows\": [%s, %s]}".formatted(object("iron,2,3,4"), object("wood,2,3,4"))),
                422,
                "invalid-field");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/rows");
        assertThat(problem.at("/errors/0/detail").asString())
                .startsWith("row 1: column \"kind\" must be one of ")
                .endsWith("but is \"wood\"");
    }

    private static List<String> goods(int count) {
        Random random = new Random(2);
        List<String> kinds = List.of("stone", "iron", "gold");
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    int kind = random.nextInt(3);
                    int size = random.nextInt(10);
                    double price = new int[] {0, 10, 40}[kind] + size * 0.6;
                    return "%s,%d,%d,%s".formatted(kinds.get(kind), size, random.nextInt(30), price);
                })
                .toList();
    }

    private static String csv(List<String> lines) {
        return "kind,size,day,price\n" + String.join("\n", lines) + "\n";
    }

    private static String object(String line) {
        String[] cells = line.split(",", -1);
        return """
                {"kind": "%s", "size": %s, "day": %s, "price": %s}""".formatted(cells[0], cells[1], cells[2], cells[3]);
    }

    private static List<String> names(JsonNode answer) {
        return answer.path("features")
                .valueStream()
                .map(feature -> feature.path("name").asString())
                .collect(Collectors.toList());
    }

    private String trained(String options, String table) {
        String id = create(NETWORK);
        json(send(id, "train?" + options, CSV, table), 200);
        return id;
    }

    private HttpResponse<String> send(String id, String path, String type, String body) {
        return send(request("/models/%s/%s".formatted(id, path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body)));
    }
}
