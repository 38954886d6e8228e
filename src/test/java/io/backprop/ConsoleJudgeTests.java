package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;

/** The tabs of a model in the console that need its parameters: Try, Judge, Versions. */
class ConsoleJudgeTests extends ConsoleTestBase {

    @BeforeAll
    void trainModels() throws Exception {
        train("species", "species");
        train("mass", "body_mass_g");
    }

    private void train(String model, String target) throws Exception {
        json(post("/models", "{\"id\": \"%s\", \"hidden\": [8], \"seed\": 1}".formatted(model)), 201);
        json(sendFile("/models/%s/train?epochs=20&validationSplit=0.2&target=%s".formatted(model, target)), 200);
    }

    private HttpResponse<String> sendFile(String path) throws Exception {
        return send(request(path).header("Content-Type", "text/csv").POST(BodyPublishers.ofFile(PENGUINS)));
    }

    @Test
    void latestOfManyMovementsIsShown() {
        open("#/models/mass/try");
        await("#prediction output");

        evaluate("""
                const slider = document.querySelector('#try [name=flipper_length_mm]');
                for (let value = 180; value <= 230; value++) {
                  slider.value = value;
                  slider.dispatchEvent(new Event('input', {bubbles: true}));
                }
                return true;""");

        String body = Await.until(() -> command("mass"), text -> text.contains("\"flipper_length_mm\":230,"));
        String row = body.substring(body.indexOf("{\"rows\""), body.lastIndexOf('\''));
        double expected = json(post("/models/mass/predict", row), 200)
                .at("/predictions/0/0")
                .doubleValue();
        awaitText("#prediction output", String.format(Locale.ROOT, "%,.1f", Math.floor(10 * expected) / 10));
    }

    /** Returns the last prediction as a command of the drawer. */
    private String command(String model) {
        return evaluate(
                "return document.querySelector(`#drawer pre[data-path='/models/${arguments[0]}/predict']`).textContent",
                model);
    }

    @Test
    void missingValuesArePredicted() {
        open("#/models/species/try");
        await("#prediction output");
        click("[data-missing=island]");
        click("[data-missing=body_mass_g]");

        Await.until(() -> command("species"), text -> text.contains("\"body_mass_g\":null,"));
        assertThat(browser.findElements(By.cssSelector("#prediction [data-class]")))
                .extracting(WebElement::getText)
                .hasSize(3);
    }

    @Test
    void savesPredictionsOfAFile() throws Exception {
        Path saved = saveDownloads().resolve("penguins-predictions.csv");
        open("#/models/species/try");
        choose("#predict-file", PENGUINS);

        Await.until(() -> Files.exists(saved));
        assertThat(Files.readString(saved)).contains(",prediction,probability_Adelie");
    }

    @Test
    void savesTheModelAsOnnxAndAsAnArchive() throws Exception {
        Path folder = saveDownloads();
        open("#/models/species/network");

        click("button[data-file=onnx]");
        Await.until(() -> Files.exists(folder.resolve("species.onnx")));
        click("button[data-file=export]");
        Await.until(() -> Files.exists(folder.resolve("species.zip")));

        assertSame(folder.resolve("species.onnx"), "/models/species/onnx");
        assertSame(folder.resolve("species.zip"), "/models/species/export");
    }

    private void assertSame(Path file, String path) throws IOException {
        try (InputStream expected = request(path).build().uri().toURL().openStream()) {
            assertThat(file).hasBinaryContent(expected.readAllBytes());
        }
    }

    @Test
    void fileIsJudgedAsByTheApi() throws Exception {
        JsonNode expected = json(sendFile("/models/species/evaluate"), 200);
        open("#/models/species/judge");
        choose("#judge-file", PENGUINS);
        await("figure#importance");
        click("figure#confusion [data-table]");

        List<String> cells = browser.findElements(By.cssSelector("figure#confusion td")).stream()
                .map(WebElement::getText)
                .toList();
        List<String> counts = IntStream.range(0, 9)
                .mapToObj(i -> expected.at("/confusionMatrix/%d/%d".formatted(i / 3, i % 3))
                        .asString())
                .toList();
        assertThat(cells).isEqualTo(counts);
        assertThat(await("#metrics").getText()).contains("balanced accuracy");
        assertThat(await("table#by-class").getText()).contains("Chinstrap");
    }

    @Test
    void errorsOfARegressionAreShown() {
        open("#/models/mass/judge");
        choose("#judge-file", PENGUINS);
        await("figure#importance");
        click("figure#actual [data-table]");
        click("figure#residuals [data-table]");

        assertThat(browser.findElements(By.cssSelector("figure#actual tbody tr")))
                .hasSize(342);
        assertThat(await("figure#residuals tbody th").getText()).startsWith("-"); // in ascending order
        assertThat(this.<Number>evaluate("""
                return [...document.querySelectorAll('figure#residuals td')]
                    .reduce((sum, each) => sum + Number(each.textContent), 0)""").intValue()).isEqualTo(342);
    }

    @Test
    void versionsAreComparedAndRestored() throws Exception {
        train("versions", "species");
        json(sendFile("/models/versions/train?epochs=5&learningRate=0.01&target=species"), 200);
        open("#/models/versions/versions");
        click("[data-compare='1']");
        click("[data-compare='2']");
        assertThat(await("section:has(h2) table").getText()).contains("version 2 version 1", "training log_loss");

        click("[data-restore='1']");
        browser.switchTo().alert().accept();
        await("#versions tr[data-version='3']");
        awaitText("hgroup", "version 3");
        click("#versions tr[data-version='1'] a");

        awaitText("#prediction", "by version 1");
    }

    @Test
    void modelWithoutParametersLeadsToItsTraining() {
        json(post("/models", "{\"id\": \"fresh\", \"hidden\": [8]}"), 201);
        for (String view : List.of("try", "judge", "versions")) {
            open("#/models/fresh/" + view);
            awaitView(view);
            await("main p a[href='#/models/fresh/train']");
        }
    }
}
