package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.ServiceTestBase;
import java.net.http.HttpResponse;
import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Responses when nothing can be stored. Predictions continue. */
@DirtiesContext
@TestPropertySource(properties = "backprop.training.checkpoint-interval=PT0.02S")
class StorageProblemTests extends ServiceTestBase {

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private DataSource database;

    private String trained() {
        String id = create("\"hidden\": [{\"units\": 3}]");
        train(id, XOR);
        return id;
    }

    @Test
    void fullDiskRejectsWritesButNotPredictions() {
        String id = trained();
        JsonNode before = model(id);
        String predictions = predict(id, "[[0,1]]").toString();
        leaveNoRoom();

        HttpResponse<String> response = createUntilRejected("{}");

        JsonNode problem = problem(response, 507, "storage-full");
        assertThat(problem.path("detail").asString()).isEqualTo("there is no room left to store the model");
        String large = """
                {"layers": [{"weights": [%s], "biases": [%s]}, {"weights": [[%s]], "biases": [1]}]}""".formatted("[1],".repeat(8_000) + "[1]", "1,".repeat(8_000) + "1", "1,".repeat(8_000) + "1");
        String wide = newId();
        assertThat(createUntilRejected("{\"hiddenUnits\": [8001]}").statusCode())
                .isEqualTo(507);
        assertThat(predict(id, "[[0,1]]").toString()).isEqualTo(predictions);
        assertThat(model(id)).isEqualTo(before);

        jdbc.queryForList("pragma max_page_count = 1000000");
        assertThat(post("/models", """
                {"id": "%s", "hiddenUnits": [8001]}""".formatted(wide)).statusCode()).isEqualTo(201);
        json(put("/models/" + wide + "/parameters", large), 200);
        train(id, XOR);
    }

    @Test
    void fullDiskRejectsTrainingsButNotRunningOnes() throws Exception {
        String running = create("\"hidden\": [{\"units\": 3000}]");
        String path = header(begin(running, ENDLESS), "Location");
        awaitEpoch(path);
        String refused = create("\"hidden\": []");
        leaveNoRoom();
        StringBuilder targets = new StringBuilder("0");
        for (int row = 1; row < 100_000; row++) {
            targets.append(',').append(Math.sin(row));
        }

        HttpResponse<String> response =
                begin(refused, "\"inputs\": [%s[1]], \"targets\": [%s]".formatted("[1],".repeat(99_999), targets));

        assertThat(problem(response, 507, "storage-full").path("detail").asString())
                .isEqualTo("there is no room left to store the training");
        assertThat(model(refused).path("state").asString()).isEqualTo("created");
        assertThat(get("/models/" + refused + "/trainings").body()).isEqualTo("{\"trainings\":[]}");
        int before = epochs(path);
        Await.until(() -> epochs(path) > before);
        jdbc.queryForList("pragma max_page_count = 1000000");
        post(path + "/cancel?keep=true", "");
        assertThat(awaitEnd(path).path("version").asInt()).isEqualTo(1);
    }

    /** Creates models until the last pages are full. Deletions in the background may free some at any time. */
    private HttpResponse<String> createUntilRejected(String json) {
        HttpResponse<String> response = post("/models", json);
        for (int created = 0; response.statusCode() == 201; created++) {
            assertThat(created).isLessThan(10_000);
            response = post("/models", json);
        }
        return response;
    }

    private void leaveNoRoom() {
        jdbc.update("pragma incremental_vacuum(1000000)");
        jdbc.queryForList("pragma max_page_count = " + jdbc.queryForObject("pragma page_count", Long.class));
    }

    @Test
    void unavailableDatabaseGives503ButNotForPredictions() throws Exception {
        String id = trained();
        HttpResponse<String> response;
        try (Connection writer = database.getConnection()) {
            writer.createStatement()
                    .execute("delete from model where id = 'none'"); // holds the only writing connection
            response = post("/models", "{}");
            predict(id, "[[0,1]]");
            json(get("/models"), 200);
        }

        problem(response, 503, "unavailable");
        assertThat(Integer.parseInt(header(response, "Retry-After"))).isPositive();
        create("");
    }
}
