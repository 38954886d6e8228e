package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.Select;

/** The playground of the console, which trains a model of its own through the API. */
class ConsolePlaygroundTests extends ConsoleTestBase {

    private static final double LEARNED = 0.2; // loss

    private int epoch() {
        return Integer.parseInt(await("#playground").getDomAttribute("data-epoch"));
    }

    private double loss() {
        String loss = await("#playground").getDomAttribute("data-loss");
        return loss == null ? Double.MAX_VALUE : Double.parseDouble(loss);
    }

    private List<String> models() {
        return json(get("/models?limit=1000"), 200).findValuesAsString("id").stream()
                .filter(id -> id.startsWith("playground-"))
                .toList();
    }

    @Test
    void goesOnFromWhatWasLearned() {
        open("#/playground?set=circles&learningRate=0.03&hidden=4");
        awaitView("playground");
        assertThat(models()).isEmpty();

        click("#play");
        await("main:has(#play[aria-pressed=true]) #playground:not([data-epoch='0'])"); // drawn while it learns
        Await.until(() -> loss() < LEARNED);
        click("#play");
        await("#network path.positive");
        int paused = epoch();
        assertThat(models()).hasSize(1);

        click("#step");
        Await.until(() -> epoch() > paused);
        assertThat(loss()).isLessThan(LEARNED);
        click("#play");
        Await.until(() -> epoch() > paused + 10);

        click("nav a[href='#/']");
        awaitView("start");
        Await.until(() -> models().isEmpty());
    }

    @Test
    void startsAgainWithOtherLayers() {
        open("#/playground?set=xor&hidden=2");
        awaitView("playground");
        click("#step");
        await("#playground:not([data-epoch='0'])");

        click("#add-layer");
        await("#playground[data-epoch='0']");
        click("#step");

        await("#playground:not([data-epoch='0'])");
        assertThat(this.<String>evaluate("return location.hash")).contains("set=xor", "hidden=2,2");
        click("#reset");
        await("#playground[data-epoch='0']");
        Await.until(() -> models().isEmpty());
    }

    @Test
    void trainsWithEachActivation() {
        open("#/playground?set=gaussians&hidden=2");
        awaitView("playground");
        Select activation = new Select(await("#activation"));
        for (int i = 0; i < activation.getOptions().size(); i++) {
            activation.selectByIndex(i);
            await("#playground[data-epoch='0']");
            click("#step");
            await("#playground:not([data-epoch='0'])");
        }
    }

    @Test
    void ignoresInvalidStateInTheHash() {
        open("#/playground?set=plane&noise=1e9&hidden=9,0&activation=relu&learningRate=%22&unknown=1");
        awaitView("playground");

        assertThat(await("[data-set=plane]").getDomAttribute("aria-pressed")).isEqualTo("true");
        assertThat(new Select(await("#activation")).getFirstSelectedOption().getText())
                .isEqualTo("relu");
        assertThat(new Select(await("#noise")).getFirstSelectedOption().getText())
                .isEqualTo("5");
        assertThat(new Select(await("#learningRate")).getFirstSelectedOption().getText())
                .isEqualTo("0.001");
    }

    @Test
    void learnsColumnsOfAFile() {
        open("#/playground");
        awaitView("playground");
        choose("#sample-file", PENGUINS);
        await("#playground:has(canvas[aria-label^='beak_length_mm'])");

        click("#step");

        await("#playground:not([data-epoch='0'])");
        assertThat(browser.findElements(By.cssSelector("#network text")))
                .extracting(text -> text.getText().strip())
                .contains("beak_depth_mm", "Adelie", "Chinstrap", "Gentoo");
    }
}
