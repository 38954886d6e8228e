package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** The console of a service that requires keys. */
class ConsoleKeysTests extends ConsoleTestBase {

    private static final String SECRET = "secret-that-may-train";
    private static final String SMALL = "secret-that-may-predict";
    private static final String[] OPTIONS = {
        "-Dbackprop.security.mode=keys", "-Dbackprop.api.keys=me:train:%s,guest:predict:%s".formatted(SECRET, SMALL)
    };

    ConsoleKeysTests() {
        super(start(OPTIONS));
    }

    @Override
    protected HttpRequest.Builder request(String path) {
        return super.request(path).header("Authorization", "Bearer " + SECRET);
    }

    /** Refused requests are errors for the browser. */
    @AfterEach
    @Override
    void check() {
        assertThat(logged()).allMatch(message -> message.contains("status of 40"));
        super.check();
    }

    private void enter(String key) {
        await("input#key").clear();
        await("input#key").sendKeys(key);
        click("dialog:has(input#key) button:not([type=button])");
    }

    @Test
    void asksForAKeyAndKeepsItInTheTab() {
        open("");
        await("dialog[open] input#key");
        assertThat(browser.findElements(By.cssSelector("#key-problem")))
                .allMatch(problem -> problem.getText().isEmpty());

        enter("wrong");
        awaitText("#key-problem", "not know");
        assertAccessible();
        enter(SECRET);

        awaitView("start");
        awaitGone("dialog[open]");
        List<String> stores = evaluate("""
            return [JSON.stringify(sessionStorage), JSON.stringify(localStorage), document.cookie, location.href,
                document.documentElement.outerHTML];\
            """);
        assertThat(stores.get(0)).contains(SECRET);
        assertThat(stores.subList(1, stores.size())).noneMatch(text -> text.contains(SECRET));
        browser.navigate().refresh();
        awaitView("start");
        assertThat(exists("dialog[open]")).isFalse();
    }

    @Test
    void saysThatTheScopeOfAKeyIsTooSmall() {
        open("");
        await("dialog[open] input#key");
        enter(SMALL);
        awaitView("start");

        choose("#file", PENGUINS);
        awaitView("new");
        await("#epochs").sendKeys("10");
        click("#train");

        await("dialog[open] input#key");
        awaitText("#key-problem", "scope");
        enter(SECRET);
        await("#training[data-state=succeeded]");
    }

    @Test
    void asksAgainAfterTheKeyWasForgotten() {
        open("");
        await("dialog[open] input#key");
        enter(SMALL);
        awaitView("start");

        click("#key-open");
        click("#key-forget");
        Await.until(() -> this.<Boolean>evaluate("return sessionStorage.length === 0"));
        enter(SECRET);

        awaitView("start");
        awaitGone("dialog[open]");
    }

    @Test
    void shownCommandsTakeTheKeyFromTheEnvironment() throws Exception {
        deleteModels();
        recordResponses();
        open("");
        await("dialog[open] input#key");
        enter(SECRET);
        awaitView("start");
        startRecording();
        List<ShownCommand> commands = walk(PENGUINS, NOTHING);
        String script = recordedScript();

        assertThat(commands)
                .filteredOn(command -> command.status() < 400)
                .isNotEmpty()
                .allMatch(command -> command.text().contains("-H \"Authorization: Bearer $BACKPROP_KEY\""));
        assertThat(script).contains("$BACKPROP_KEY").doesNotContain(SECRET);
        ShellCommands shell = new ShellCommands(service, Map.of("BACKPROP_KEY", SECRET), PENGUINS);
        deleteModels();
        shell.assertDoTheSame(commands);
        deleteModels();
        shell.runScript(script);
        json(get("/models/penguins"), 200);
    }
}
