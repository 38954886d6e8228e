package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The dialog in which the console asks for a key, where the service requires one. */
class ConsoleKeyTests extends ConsoleTestBase {

    private static final String TRAIN = "secret-of-the-key-that-trains";
    private static final String PREDICT = "secret-of-the-key-that-predicts";

    ConsoleKeyTests() {
        super(
                "-Dbackprop.security.mode=keys",
                "-Dbackprop.api.keys=trainer:train:%s,reader:predict:%s".formatted(TRAIN, PREDICT));
    }

    private void enter(String key) {
        await("dialog[open]");
        await("#key").sendKeys(key, Keys.ENTER);
    }

    private String kept() {
        return evaluate("return String(sessionStorage.getItem('backprop.key'));");
    }

    private void assertRefusalsOnly() {
        assertThat(logged()).isNotEmpty().allMatch(message -> message.matches("(?s).*status of 40[13].*"));
    }

    @Test
    void asksUntilTheKeyIsKnown() {
        open("");
        await("dialog[open]");
        assertThat(await("#key-problem").getText()).isEmpty();

        enter("unknown");
        awaitText("#key-problem", "does not know this key");
        enter(TRAIN);
        awaitView("start");
        awaitGone("dialog[open]");

        assertThat(kept()).isEqualTo(TRAIN);
        assertThat(browser.getPageSource()).doesNotContain(TRAIN);
        assertThat(this.<String>evaluate("return location + document.cookie + JSON.stringify(localStorage);"))
                .doesNotContain(TRAIN);
        assertThat(await("[data-path^='/models?']").getDomProperty("textContent"))
                .contains("-H \"Authorization: Bearer $BACKPROP_KEY\"");
        assertRefusalsOnly();
    }

    @Test
    void asksForAnotherKeyWhereTheScopeIsTooSmall() {
        open("");
        enter(PREDICT);
        awaitView("start");

        click("[data-example=xor]");
        awaitText("#key-problem", "scope train");
        await("#key").sendKeys(Keys.ESCAPE);
        awaitText("[role=alert]", "scope train");
        assertThat(kept()).isEqualTo(PREDICT);

        click("[data-example=xor]");
        enter(TRAIN);
        awaitView("train");
        assertRefusalsOnly();
    }

    @Test
    void forgetsTheKey() {
        open("");
        enter(PREDICT);
        awaitView("start");

        click("#key-open");
        click("#key-forget");
        Await.until(() -> kept().equals("null"));
        enter(PREDICT);
        awaitView("start");
        awaitGone("dialog[open]");
        assertRefusalsOnly();
    }
}
