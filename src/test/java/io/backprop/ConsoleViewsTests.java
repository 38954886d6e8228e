package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** What holds for each view of the console. With {@code -Dtest.screenshots=true}, screenshots are in target/screenshots. */
class ConsoleViewsTests extends ConsoleTestBase {

    static final List<String> VIEWS =
            List.of("start", "new", "network", "train", "try", "judge", "versions", "playground");

    private static final long MAX_BYTES = 220_000; // of the first page
    private static final double MAX_MILLIS = LoadScale.isFull() ? 1_000 : 10_000; // until it shows its content

    @BeforeAll
    void trainModels() throws Exception {
        json(post("/models", "{\"id\": \"penguins\", \"hidden\": [8], \"seed\": 1}"), 201);
        for (int version = 1; version <= 2; version++) {
            json(
                    send(request("/models/penguins/train?target=species&epochs=20&validationSplit=0.2")
                            .header("Content-Type", "text/csv")
                            .POST(BodyPublishers.ofFile(PENGUINS))),
                    200);
        }
    }

    /** Opens a view, in the way in which a user gets there. */
    private void show(String view) {
        switch (view) {
            case "start" -> open("");
            case "playground" -> open("#/playground");
            case "new" -> {
                open("");
                awaitView("start");
                choose("#file", PENGUINS);
            }
            default -> open("#/models/penguins/" + view);
        }
        awaitView(view);
    }

    @Test
    void firstPageIsSmallAndShownSoon() {
        command("Network.clearBrowserCache", Map.of());
        open("");
        awaitView("start");

        double millis = this.<Number>evaluate("return performance.now()").doubleValue();
        long bytes = events("Network.loadingFinished").stream()
                .mapToLong(event -> event.path("encodedDataLength").asLong())
                .sum();
        System.out.printf("first page: %d bytes, shown after %.0f ms%n", bytes, millis);
        assertThat(bytes).isBetween(10_000L, MAX_BYTES);
        assertThat(millis).isLessThan(MAX_MILLIS);
    }

    @Test
    void showsWhichTableADriverIsToTrainOn() {
        json(post("/models", "{\"id\": \"buyers\", \"hidden\": [4]}"), 201);
        json(
                send(request("/models/buyers/train")
                        .header("Content-Type", "application/json")
                        .header("Prefer", "respond-async")
                        .POST(BodyPublishers.ofString("{\"table\": \"clicks\", \"target\": \"bought\"}"))),
                202);

        open("#/models/buyers/train");
        awaitView("train");

        awaitText("#training", "Waits for a Spark driver.");
        awaitText("#training", "clicks");
    }

    @Test
    void showsSettingsThatAreObjects() {
        String model = """
            {"id": "quantiles", "hidden": [4], "loss": {"type": "quantile", "q": 0.9}, "ensemble": 2}\
            """;
        json(post("/models", model), 201);

        open("#/models/quantiles/network");
        awaitView("network");

        awaitText("main", "quantile 0.9");
        awaitText("main", "2 by seed");
    }

    @ParameterizedTest
    @FieldSource("VIEWS")
    void isAccessibleInLightAndDark(String view) {
        show(view);
        List<String> moving = evaluate("return document.getAnimations().map(each => each.effect.target.outerHTML)");
        assertThat(moving).isEmpty(); // motion is reduced
        emulate(1300, 2000, false); // nothing is behind what stays in view
        assertAccessible();
        emulate(1300, 2000, true);
        assertReadable();
        click("#drawer summary");
        assertAccessible();
        click("#drawer summary");
        List<WebElement> tables = browser.findElements(By.cssSelector("main [data-table]"));
        if (!tables.isEmpty()) {
            tables.forEach(button -> evaluate("arguments[0].click(); return true;", button));
            await("main figure table");
            assertAccessible();
        }
    }

    @ParameterizedTest
    @FieldSource("VIEWS")
    void fitsWindowsOfAnyWidth(String view) throws Exception {
        show(view);
        for (int width : List.of(1300, 390, 320)) {
            emulate(width, 900, false);
            awaitFits();
        }
        if (Boolean.getBoolean("test.screenshots")) {
            for (int width : List.of(1300, 390)) {
                for (boolean dark : List.of(false, true)) {
                    emulate(width, 900, dark);
                    screenshot("console-%s-%d%s".formatted(view, width, dark ? "-dark" : ""));
                }
            }
        }
    }
}
