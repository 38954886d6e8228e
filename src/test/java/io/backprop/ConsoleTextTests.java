package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import tools.jackson.databind.node.ObjectNode;

/** Texts of users that look like something else are shown as they are, in pages and in commands. */
class ConsoleTextTests extends ConsoleTestBase {

    private static final String SCRIPT = "<script>alert(1)</script>";
    private static final String IMAGE = "\"><img src=x onerror=alert(1)>";
    private static final String SHELL = "it's \"$(touch hacked)\" `touch hacked` \\ !x & {{x}} ${x} %41";
    private static final String BACKWARDS = "שלום \u202e עולם";
    private static final String LONG = "W".repeat(10_000);
    private static final String LONG_NAME = "M".repeat(256); // of a column or category, at most
    private static final String FILE = "it's $(touch hacked) <img src=x onerror=alert(1)>.csv";

    ConsoleTextTests() {
        super(start());
    }

    @Test
    void textsOfAFileAreShownAsTheyAre() throws Exception {
        List<String> words = List.of(SCRIPT, IMAGE, SHELL, BACKWARDS, LONG_NAME);
        List<String> lines = new ArrayList<>(List.of(line(SCRIPT, SHELL, LONG_NAME, BACKWARDS, "long", IMAGE)));
        for (int i = 0; i < 60; i++) {
            String word = words.get(i % words.size());
            String target = words.get(i / 7 % words.size());
            lines.add(line("" + i * 37 % 50, word, "" + i % 7, "" + i % 3, LONG.substring(i % 3), target));
        }
        Path file = Files.write(TestFolders.create().resolve(FILE), lines);
        deleteModels();
        recordResponses();
        open("");
        awaitView("start");

        List<ShownCommand> commands = walk(file, () -> {
            assertNothingInjected();
            if (exists("main[data-view=new]")) {
                assertThat(shownText()).contains(words).contains(LONG, FILE);
            } else if (exists("main[data-view=try]")) {
                assertThat(shownText()).contains(words);
            }
        });

        deleteModels();
        ShellCommands shell = new ShellCommands(service, Map.of(), file);
        shell.assertDoTheSame(commands);
        assertThat(shell.folder().resolve("hacked")).doesNotExist();
    }

    private static String line(String... cells) {
        return Stream.of(cells)
                .map(cell -> "\"" + cell.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining(","));
    }

    private String shownText() {
        return evaluate("return document.querySelector('main').textContent");
    }

    /** Checks that no text has become an element, and that none makes the page wider than the window. */
    private void assertNothingInjected() {
        assertThat(browser.findElements(By.cssSelector("body script, [onerror], img[src=x]")))
                .isEmpty();
        for (int width : List.of(320, 1300)) {
            emulate(width, 900, false);
            awaitFits();
        }
    }

    @Test
    void descriptionAndTagsAreShownAsTheyAre() {
        ObjectNode model = mapper.createObjectNode();
        model.put("id", "m".repeat(64)).put("description", LONG.substring(0, 1_000) + SCRIPT);
        model.putObject("tags").put(IMAGE, BACKWARDS).put("M".repeat(64), SCRIPT + "M".repeat(200));
        json(post("/models", model.toString()), 201);
        String address = "#/models/" + "m".repeat(64);
        for (String view :
                List.of("", address + "/network", address + "/train", address + "/try", address + "/versions")) {
            open(view);
            await("main[data-view]:not([data-view=''])");
            assertNothingInjected();
        }
    }
}
