package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import tools.jackson.databind.JsonNode;

/** Searches in the console: their start, their progress, and their results. */
class ConsoleSearchTests extends ConsoleTestBase {

    private static final String SPACE = """
        {"learningRate": {"min": 0.001, "max": 0.1, "scale": "log"}, "activation": {"values": ["relu", "tanh"]}}\
        """;

    private static final String SHORT = "\"strategy\": \"successive_halving\", \"trials\": 6, \"epochs\": 15";
    private static final String LONG = "\"strategy\": \"sobol\", \"trials\": 200, \"epochs\": 5000, \"batchSize\": 1";

    ConsoleSearchTests() {
        super(start("-Dbackprop.training.workers=1", "-Dbackprop.search.workers=1"));
    }

    @BeforeAll
    void search() {
        startSearch("found", SHORT);
        Await.until(() -> json(get("/models/found/searches/1"), 200), ConsoleSearchTests::isOver);
    }

    private void startSearch(String model, String options) {
        json(
                post(
                        "/models",
                        "{\"id\": \"%s\", \"hidden\": [8], \"task\": \"classification\", \"seed\": 1}"
                                .formatted(model)),
                201);
        String body =
                "{\"inputs\": %s, \"targets\": %s, %s, \"space\": %s}".formatted(inputs(), targets(), options, SPACE);
        json(
                send(request("/models/" + model + "/search")
                        .header("Content-Type", "application/json")
                        .header("Prefer", "respond-async")
                        .POST(BodyPublishers.ofString(body))),
                202);
    }

    private static List<List<Integer>> inputs() {
        return IntStream.range(0, 40).mapToObj(i -> List.of(i % 2, i / 2 % 2)).toList();
    }

    private static List<String> targets() {
        return inputs().stream()
                .map(input -> input.get(0).equals(input.get(1)) ? "\"same\"" : "\"other\"")
                .toList();
    }

    private static boolean isOver(JsonNode search) {
        return !search.path("finishedAt").isNull();
    }

    /** The options of the search are those of a training, beside its own. */
    @Test
    void searchesOnADroppedFile() {
        open("");
        awaitView("start");
        drop(PENGUINS, "label:has(#file)");
        awaitView("new");
        await("#epochs").sendKeys("4");
        click("form > section > details:last-of-type summary");
        await("#trials").sendKeys("2");

        click("button#search");

        await("section#search[data-state=succeeded]");
        JsonNode search = json(get("/models/penguins/searches/1"), 200);
        assertThat(search.path("trials").asInt()).isEqualTo(2);
        assertThat(search.at("/settings/epochs").asInt()).isEqualTo(4);
        assertThat(browser.findElements(By.cssSelector("#leaderboard tbody tr")))
                .hasSize(2);
        awaitText("hgroup", "version 1");
        click("#search a[role=button]");
        await("#prediction[data-version='1']");
    }

    @Test
    void leaderboardAndChartsAreThoseOfTheApi() {
        JsonNode search = json(get("/models/found/searches/1"), 200);
        open("#/models/found/search");
        awaitView("search");

        List<String> trials = evaluate(
                "return [...document.querySelectorAll('#leaderboard [data-trial]')].map(each => each.dataset.trial)");
        assertThat(trials)
                .isEqualTo(search.path("leaderboard")
                        .valueStream()
                        .map(each -> each.path("trial").asString())
                        .toList());
        await("figure#losses canvas");
        List<String> titles =
                evaluate("return [...document.querySelectorAll('#fields strong')].map(each => each.textContent)");
        assertThat(titles).containsExactly("activation", "learningRate");
        assertThat(await("#fields svg").getText()).contains("relu", "tanh");
        click("figure#losses [data-table]");
        assertThat(browser.findElements(By.cssSelector("figure#losses tbody tr")))
                .hasSize(6);
    }

    @Test
    void savesAllTrialsAsCsv() throws Exception {
        Path saved = saveDownloads().resolve("found-search-1.csv");
        open("#/models/found/search");
        awaitView("search");

        click("#csv");

        Await.until(() -> Files.exists(saved));
        assertThat(Files.readAllLines(saved)).hasSize(7).first().asString().contains("learningRate");
    }

    @Test
    void followsASearchOfManyTrialsAndCancelsIt() {
        startSearch("endless", LONG);
        open("#/models/endless/search");
        await("section#search[data-state=running]");
        awaitText("section#search", "of 200");
        open("");
        await("[data-training='endless/1'] a[href$='/search']");

        click("[data-training='endless/1'] a");
        awaitView("search");
        click("#cancel");

        await("section#search[data-state=cancelled]");
        assertThat(exists("#cancel")).isFalse();
    }

    @Test
    void rejectsOptionsBesideTheirField() {
        open("");
        choose("#file", PENGUINS);
        awaitView("new");
        click("form > section > details:last-of-type summary");
        evaluate("document.querySelector('#trials').removeAttribute('min'); return true;");
        await("#trials").sendKeys("0");

        click("button#search");

        awaitText("label:has(#trials) [role=alert]", "at least 1");
        assertThat(logged()).hasSize(1).allMatch(message -> message.contains("status of 422"));
    }
}
