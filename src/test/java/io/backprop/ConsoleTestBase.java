package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLockTarget;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.springframework.util.function.SingletonSupplier;
import tools.jackson.databind.JsonNode;

/**
 * Base class for tests of the console. All classes share a browser, and a service unless they start their own. After each test, the log of
 * the browser must be empty (errors of scripts, failed requests, violations of the Content-Security-Policy), and all
 * requests must have gone to the service.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = "console", target = ResourceLockTarget.CHILDREN) // one test at a time
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConsoleTestBase extends HttpTestBase {

    static final Runnable NOTHING = () -> {};
    static final Path PENGUINS = Path.of("src/main/resources/static/console/examples/penguins.csv");

    private static final List<String> RULES =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");
    private static final Path SCREENSHOTS = Path.of("target/screenshots");
    private static final Duration POLL = Duration.ofMillis(20);

    private static final Supplier<ChromeDriver> BROWSER = SingletonSupplier.of(() -> {
        ChromeDriver started = Chromium.start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::quit));
        return started;
    });

    private static final Supplier<ChildService> SERVICE = SingletonSupplier.of(() -> {
        ChildService started = start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::close));
        return started;
    });

    final ChromeDriver browser = BROWSER.get();
    final ChildService service;

    private final WebDriverWait wait = new WebDriverWait(browser, Await.TIMEOUT);
    private final List<JsonNode> events = new ArrayList<>();
    private int clicks;
    private @Nullable Object recorder; // identifier of the script of recordResponses

    ConsoleTestBase() {
        this(SERVICE.get());
    }

    /** @param service is closed after the tests, unless it is the shared one */
    ConsoleTestBase(ChildService service) {
        this.service = service;
        port = service.port();
        wait.pollingEvery(POLL);
    }

    /** Starts the service as users run it, because the networks of the preset are large. */
    static ChildService start(String... options) {
        try {
            return ChildService.start(Stream.concat(ServiceJar.PRODUCTION_OPTIONS.stream(), Stream.of(options))
                    .toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @RegisterExtension
    final AfterTestExecutionCallback onFailure = test -> {
        if (test.getExecutionException().isPresent()) {
            screenshot("failed-" + getClass().getSimpleName() + "-" + test.getDisplayName());
        }
    };

    @BeforeEach
    void forgetEarlierTests() {
        port = service.port();
        browser.get("about:blank");
        logged();
        events().clear();
        clicks = 0;
        emulate(1300, 900, false);
    }

    @AfterEach
    void check() {
        if (recorder != null) {
            command("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", recorder));
            recorder = null;
        }
        assertThat(logged()).isEmpty();
        assertThat(events("Network.requestWillBeSent"))
                .extracting(event -> event.path("request").path("url").asString())
                .allMatch(
                        url -> url.startsWith("http://localhost:" + port + "/") || url.matches("(about|blob|data):.*"));
        evaluate("localStorage.clear(); sessionStorage.clear(); return true;"); // may let the page ask for a key
    }

    @AfterAll
    void stopService() {
        if (service != SERVICE.get()) {
            service.close();
        }
    }

    /** Returns and removes the messages in the log of the browser. */
    List<String> logged() {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Returns the events of a method of the DevTools protocol since the test began. */
    List<JsonNode> events(String method) {
        return events().stream()
                .filter(event -> event.path("method").asString().equals(method))
                .map(event -> event.path("params"))
                .toList();
    }

    private List<JsonNode> events() {
        for (LogEntry entry : browser.manage().logs().get(LogType.PERFORMANCE)) {
            events.add(mapper.readTree(entry.getMessage()).path("message"));
        }
        return events;
    }

    /** Sets the size of the window and the preferred colors. Motion is always reduced, so that pages do not change slowly. */
    void emulate(int width, int height, boolean dark) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        command(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Executes a command of the DevTools protocol. */
    Map<String, Object> command(String name, Map<String, Object> parameters) {
        return browser.executeCdpCommand(name, parameters);
    }

    /** Opens a view by the hash of its address, in a new document. */
    void open(String hash) {
        browser.get("about:blank");
        browser.get("http://localhost:" + port + "/" + hash);
    }

    /** Waits until a view shows its content. */
    void awaitView(String name) {
        await("main[data-view='%s']".formatted(name));
    }

    WebElement await(String selector) {
        return wait.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(selector)));
    }

    void awaitText(String selector, String text) {
        wait.until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(selector), text));
    }

    void awaitGone(String selector) {
        wait.until(ExpectedConditions.numberOfElementsToBe(By.cssSelector(selector), 0));
    }

    void click(String selector) {
        wait.until(ExpectedConditions.elementToBeClickable(By.cssSelector(selector)))
                .click();
        clicks++;
    }

    /** Returns the number of clicks of the test. */
    int clicks() {
        return clicks;
    }

    boolean exists(String selector) {
        return !browser.findElements(By.cssSelector(selector)).isEmpty();
    }

    /** Evaluates a function body in the page. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // a wrong type fails the test
    <T> T evaluate(String script, Object... arguments) {
        return (T) Objects.requireNonNull(browser.executeScript(script, arguments));
    }

    /** Chooses a file in an input, as the dialog of the browser does. */
    void choose(String selector, Path file) {
        await(selector).sendKeys(file.toAbsolutePath().toString());
    }

    /** Has the page save files in a new folder, and returns that. */
    Path saveDownloads() {
        Path folder = TestFolders.create();
        command("Browser.setDownloadBehavior", Map.of("behavior", "allow", "downloadPath", folder.toString()));
        return folder;
    }

    /** Drops a file onto an element. */
    void drop(Path file, String selector) {
        Map<String, Object> center = evaluate("""
            const box = document.querySelector(arguments[0]).getBoundingClientRect();
            return {x: box.x + box.width / 2, y: box.y + box.height / 2};\
            """, selector);
        Map<String, Object> data = Map.of(
                "items", List.of(), "files", List.of(file.toAbsolutePath().toString()), "dragOperationsMask", 1);
        for (String type : List.of("dragEnter", "dragOver", "drop")) {
            command(
                    "Input.dispatchDragEvent",
                    Map.of("type", type, "x", center.get("x"), "y", center.get("y"), "data", data));
        }
    }

    void deleteModels() {
        json(get("/models"), 200)
                .path("models")
                .forEach(model -> delete("/models/" + model.path("id").asString()));
    }

    /** Lets pages that are opened from now on record the responses of all calls that were not refused for want of a key. */
    void recordResponses() {
        recorder = command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", """
            if (!window.responses) {
              window.responses = [];
              const send = window.fetch;
              window.fetch = async (url, options = {}) => {
                const {pathname, search} = new URL(url, location);
                const recorded = {operation: (options.method ?? 'GET') + ' ' + pathname + search, body: ''};
                window.responses.push(recorded);
                const response = await send(url, options);
                if ([401, 403].includes(response.status)) {
                  window.responses.splice(window.responses.indexOf(recorded), 1);
                } else if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
                  recorded.body = await response.clone().text();
                }
                return response;
              };
            }\
            """))
                .get("identifier");
    }

    /**
     * Trains a network on a file and visits all views of the model. Returns all commands that the drawer showed.
     *
     * @param inspect is called in each view
     */
    List<ShownCommand> walk(Path file, Runnable inspect) {
        NavigableMap<Integer, Map<String, String>> shown = new TreeMap<>();
        choose("#file", file);
        awaitView("new");
        await("#epochs").sendKeys("10");
        inspect.run();
        click("#train");
        await("#training[data-state=succeeded]");
        inspect.run();
        keepShown(shown);
        for (String view : List.of("try", "judge", "versions", "network")) {
            click("nav a[href$='/%s']".formatted(view));
            awaitView(view);
            if (view.equals("try")) {
                await("#prediction[data-version='1']");
            }
            inspect.run();
            keepShown(shown);
        }
        return withResponses(shown);
    }

    /** Lets the drawer record a script of what follows. */
    void startRecording() {
        click("#drawer summary");
        click("#record");
        click("#drawer summary");
    }

    String recordedScript() {
        return evaluate("return document.querySelector('#script').textContent");
    }

    /** Adds the attributes of all calls that the drawer shows, by their index. It shows the last 20. */
    private void keepShown(Map<Integer, Map<String, String>> shown) {
        List<Map<String, String>> now = evaluate("""
            return [...document.querySelectorAll('#drawer pre[data-curl]')]
                .map(shown => ({...shown.dataset, text: shown.textContent}));\
            """);
        now.forEach(call -> shown.put(Integer.parseInt(call.get("index")), call));
    }

    /** Returns the calls that have ended, each with its response, or the last one if it was repeated. */
    private List<ShownCommand> withResponses(NavigableMap<Integer, Map<String, String>> shown) {
        List<Map<String, String>> responses = evaluate("return window.responses");
        Map<String, Deque<String>> bodies = new HashMap<>();
        responses.forEach(response -> bodies.computeIfAbsent(response.get("operation"), each -> new ArrayDeque<>())
                .push(Objects.requireNonNull(response.get("body"))));
        List<ShownCommand> commands = new ArrayList<>();
        for (Map<String, String> call : shown.descendingMap().values()) {
            String operation = call.get("method") + " " + call.get("path");
            Deque<String> latest = bodies.getOrDefault(operation, new ArrayDeque<>());
            String body = Objects.requireNonNullElse(latest.peek(), "");
            for (int i = 0; i < Integer.parseInt(call.get("count")); i++) {
                latest.poll();
            }
            if (Objects.toString(call.get("status"), "").matches("\\d+")) {
                commands.add(
                        0,
                        new ShownCommand(
                                operation,
                                Objects.requireNonNull(call.get("text")),
                                Integer.parseInt(call.get("status")),
                                body));
            }
        }
        return commands;
    }

    /** Checks the page with axe. */
    void assertAccessible() {
        assertNoViolations(new AxeBuilder().withTags(RULES));
    }

    /** Checks the contrast of texts with axe, which is all that other colors can change. */
    void assertReadable() {
        assertNoViolations(new AxeBuilder().withRules(List.of("color-contrast")));
    }

    @SuppressWarnings("deprecation") // the other mode opens a window for each analysis
    private void assertNoViolations(AxeBuilder axe) {
        List<Rule> violations = axe.setLegacyMode().analyze(browser).getViolations();
        assertThat(violations)
                .extracting(rule -> "%s: %s%n%s"
                        .formatted(
                                rule.getId(),
                                rule.getHelp(),
                                rule.getNodes().stream()
                                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                                        .toList()))
                .as(browser.getCurrentUrl())
                .isEmpty();
    }

    /** Waits until the page need not be scrolled sideways. Charts are drawn again after the width of a window has changed. */
    void awaitFits() {
        Await.until(this::tooWide, List::isEmpty);
    }

    private List<String> tooWide() {
        return evaluate("""
            const page = document.documentElement;
            const scrolls = each => each !== page && (getComputedStyle(each).overflowX !== 'visible'
                || scrolls(each.parentElement));
            return page.scrollWidth <= innerWidth ? [] : ['width ' + page.scrollWidth + ' of ' + location.hash,
                ...[...document.body.querySelectorAll('*')]
                    .filter(each => each.getBoundingClientRect().right > innerWidth && !scrolls(each))
                    .map(each => each.outerHTML.slice(0, 200))];\
            """);
    }

    void screenshot(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        Files.write(
                SCREENSHOTS.resolve(name.replaceAll("[^\\w-]", "") + ".png"),
                browser.getScreenshotAs(OutputType.BYTES));
    }
}
