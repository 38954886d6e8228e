package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import tools.jackson.databind.JsonNode;

/** From a file to a first prediction, and the same by the commands that the console shows. */
class ConsoleWalkTests extends ConsoleTestBase {

    private static final Duration MAX_TIME = Duration.ofSeconds(8);
    private static final int MAX_CLICKS = 4;
    private static final int MAX_TABS = 100; // on the way to any element

    ConsoleWalkTests() {
        super(start());
    }

    @BeforeEach
    void empty() {
        deleteModels();
    }

    @Test
    void predictsFromADroppedFileInFewClicks() {
        open("");
        awaitView("start");
        long start = System.nanoTime();

        drop(PENGUINS, "label:has(#file)");
        awaitView("new");
        click("#train");
        await("#training[data-state=succeeded]");
        click("nav a[href$='/try']");
        await("#prediction[data-version='1']");

        Duration time = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf("from a file to a prediction: %d clicks, %d ms%n", clicks(), time.toMillis());
        assertThat(clicks()).isLessThanOrEqualTo(MAX_CLICKS);
        if (LoadScale.isFull()) { // which runs on an idle machine
            assertThat(time).isLessThan(MAX_TIME);
        }
    }

    @Test
    void showsWhatIsWrongBesideTheField() {
        open("");
        choose("#file", PENGUINS);
        awaitView("new");
        evaluate("document.querySelector('#epochs').value = ''; return true;");
        await("#epochs").sendKeys("0");

        click("#train");

        awaitText("label:has(#epochs) [role=alert]", "must be at least 1");
        assertThat(logged()).hasSize(1).allMatch(message -> message.contains("status of 422"));
        assertAccessible();
    }

    @Test
    void keyboardSuffices() {
        open("");
        awaitView("start");
        tabTo("#file");
        choose("#file", PENGUINS); // in the dialog of the browser
        awaitView("new");
        tabTo("#epochs");
        new Actions(browser).sendKeys("10").perform();
        tabTo("#train");
        press(Keys.ENTER);
        await("#training[data-state=succeeded]");
        tabTo("nav a[href$='/try']");
        press(Keys.ENTER);
        awaitView("try");
        await("#prediction[data-version='1']");
        tabTo("form#try [name=beak_length_mm]");
        String before = await("#prediction").getText();
        press(Keys.END);

        Await.until(() -> await("#prediction").getText(), text -> !text.equals(before));
        assertThat(clicks()).isZero();
    }

    /** Moves the focus forward to an element, which must show that it has the focus. */
    private void tabTo(String selector) {
        for (int i = 0; i < MAX_TABS; i++) {
            press(Keys.TAB);
            WebElement focused = browser.switchTo().activeElement();
            String visible = evaluate("""
                        const [element, selector] = arguments;
                        const {outlineStyle, boxShadow} = getComputedStyle(element.closest('label') ?? element);
                        const own = getComputedStyle(element);
                        return !element.matches(selector) ? 'other' : [outlineStyle, boxShadow, own.outlineStyle, own.boxShadow]
                            .some(style => style !== 'none') ? 'visible' : 'invisible';\
                        """, focused, selector);
            if (!visible.equals("other")) {
                assertThat(visible).isEqualTo("visible");
                return;
            }
        }
        throw new AssertionError("Tab does not reach " + selector);
    }

    private void press(Keys key) {
        new Actions(browser).sendKeys(key).perform();
    }

    @Test
    void shownCommandsAndRecordedScriptDoTheSame() throws Exception {
        recordResponses();
        open("");
        awaitView("start");
        startRecording();
        List<ShownCommand> commands = walk(PENGUINS, NOTHING);
        String script = recordedScript();

        assertThat(commands)
                .extracting(ShownCommand::operation)
                .contains("POST /models", "GET /models/penguins", "POST /models/penguins/predict")
                .anyMatch(operation -> operation.startsWith("POST /models/penguins/train?"));
        JsonNode trained = model();
        ShellCommands shell = new ShellCommands(service, Map.of(), PENGUINS);
        deleteModels();
        shell.assertDoTheSame(commands);
        deleteModels();
        shell.runScript(script);
        assertThat(model()).isEqualTo(trained);
    }

    private JsonNode model() {
        return ShellCommands.withoutTimes(json(get("/models/penguins"), 200));
    }
}
