package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.EmptyServiceTestBase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The list of the trainings of all models. */
class TrainingListTests extends EmptyServiceTestBase {

    private String model() {
        return create("\"seed\": 1");
    }

    private List<String> list(String query) {
        return names(json(get("/trainings" + query), 200));
    }

    private static List<String> names(JsonNode page) {
        return page.path("trainings")
                .valueStream()
                .map(training -> training.path("model").asString() + "/"
                        + training.path("number").asInt())
                .toList();
    }

    @Test
    void listsTheTrainingsOfAllModelsNewestFirst() {
        String a = model();
        String b = model();
        train(a, XOR);
        train(b, XOR);
        train(a, XOR);

        assertThat(list("")).containsExactly(a + "/2", b + "/1", a + "/1");
        JsonNode page = json(get("/trainings"), 200);
        assertThat(page.has("next")).isFalse();
        assertThat(page.at("/trainings/1")).isEqualTo(json(get("/models/" + b + "/trainings/1"), 200));
        delete("/models/" + a);
        assertThat(list("")).containsExactly(b + "/1");
    }

    @Test
    void selectsByState() {
        String ended = model();
        train(ended, XOR);
        String running = model();
        String path = header(begin(running, ENDLESS), "Location");
        awaitEpoch(path);

        assertThat(list("?state=running")).containsExactly(running + "/1");
        assertThat(list("?state=succeeded")).containsExactly(ended + "/1");
        assertThat(list("?state=queued")).isEmpty();
        assertThat(json(get("/trainings?state=running"), 200)
                        .at("/trainings/0/epochsCompleted")
                        .asInt())
                .isPositive();
        post(path + "/cancel", "");
        assertThat(list("?state=cancelled")).containsExactly(running + "/1");
    }

    @Test
    void pagesContainEachTrainingOnce() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String id = model();
            train(id, XOR + ", \"epochs\": 1");
            expected.add(0, id + "/1");
        }
        List<String> found = new ArrayList<>();
        String query = "?limit=2&state=succeeded";
        for (String next = ""; next != null; ) {
            JsonNode page = json(get("/trainings" + query + next), 200);
            assertThat(page.path("trainings").size()).isLessThanOrEqualTo(2);
            found.addAll(names(page));
            next = page.has("next") ? "&cursor=" + page.path("next").asString() : null;
        }
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            state=over    | 400 | unreadable-parameter | must be one of queued, running, succeeded, cancelled, failed, but was "over"
            state=RUNNING | 400 | unreadable-parameter | must be one of queued, running, succeeded, cancelled, failed, but was "RUNNING"; did you mean running?
            limit=0       | 422 | invalid-field        | must be at least 1, but was 0
            limit=1001    | 422 | invalid-field        | must be at most 1000, but was 1001
            cursor=x      | 422 | invalid-field        | must be the "next" of a page, but was "x"
            """)
    void rejectsParameters(String query, int status, String type, String detail) {
        JsonNode problem = problem(get("/trainings?" + query), status, type);

        assertThat(problem.at("/errors/0/detail").asString()).isEqualTo(detail);
    }

    @Test
    void listsOmitTheResultsOfFolds() {
        String id = model();
        awaitEnd(post("/models/" + id + "/cross-validate", "{" + XOR + ", \"folds\": 2, \"epochs\": 2}"));

        JsonNode listed = json(get("/trainings"), 200).at("/trainings/0/crossValidation");

        JsonNode whole = json(get("/models/" + id + "/trainings/1"), 200).path("crossValidation");
        assertThat(whole.path("results").size()).isEqualTo(2);
        assertThat(listed.path("results").size()).isZero();
        assertThat(listed.path("metrics")).isEqualTo(whole.path("metrics"));
        assertThat(json(get("/models/" + id + "/trainings"), 200).at("/trainings/0/crossValidation"))
                .isEqualTo(listed);
    }
}
