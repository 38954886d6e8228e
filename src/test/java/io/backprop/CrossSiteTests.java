package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;
import tools.jackson.databind.JsonNode;

/** Shows pages of other sites in a real browser, which try to use the service. */
class CrossSiteTests extends EmptyServiceTestBase {

    /** Sends requests about which a browser does not ask the service, and tells by its title that they were answered. */
    private static final String PAGE = """
            <!doctype html>
            <title>waiting</title>
            <a href="SERVICE/">console</a>
            <iframe name="frame"></iframe>
            <form action="SERVICE/models" method="post" target="frame" enctype="text/plain">
              <input name='{"id": "form", "description": "' value='"}'>
            </form>
            <script>
              const post = (path, body, type) => fetch("SERVICE" + path,
                  {method: "POST", mode: "no-cors", body: body && new Blob([body], {type: type})});
              const image = path => new Promise(loaded => {
                const picture = new Image();
                picture.onload = picture.onerror = loaded;
                picture.src = "SERVICE" + path;
              });
              const form = new Promise(loaded => document.querySelector("iframe").addEventListener("load", loaded));
              document.forms[0].submit();
              Promise.allSettled([
                post("/models", '{"id": "text"}', "text/plain"),
                post("/models", '{"id": "typeless"}', ""),
                post("/models/victim/train", "a,b\\n1,2", "text/plain"),
                post("/models/victim/versions/1/restore"),
                post("/models/victim/trainings/1/cancel"),
                post("/actuator/backup"),
                fetch("SERVICE/models/victim", {method: "DELETE"}),
                image("/models/victim"),
                form
              ]).then(() => document.title = "sent");
            </script>
            """;

    @Test
    void pagesOfOtherSitesDoNothing() throws Exception {
        json(post("/models", "{\"id\": \"victim\"}"), 201);
        JsonNode trained = train("victim", XOR);
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] page = PAGE.replace("SERVICE", "http://localhost:" + port).getBytes(StandardCharsets.UTF_8);
        site.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        site.start();
        ChromeDriver browser = null;
        try {
            browser = Chromium.start();
            WebDriverWait wait = new WebDriverWait(browser, Await.TIMEOUT);
            for (String host : List.of("127.0.0.1", "localhost")) {
                browser.get("http://" + host + ":" + site.getAddress().getPort() + "/");
                wait.until(ExpectedConditions.titleIs("sent"));

                assertRefused(browser);
                assertThat(json(get("/models"), 200).path("models")).hasSize(1);
                assertThat(model("victim").path("version").asInt()).isEqualTo(1);
                assertThat(json(get("/models/victim/trainings"), 200).path("trainings"))
                        .containsExactly(trained);
            }

            browser.findElement(By.linkText("console")).click(); // links to the service's pages work

            wait.until(ExpectedConditions.urlContains("localhost:" + port));
            wait.until(ExpectedConditions.textToBePresentInElementLocated(By.tagName("main"), "victim"));
        } finally {
            if (browser != null) {
                browser.quit();
            }
            site.stop(0);
        }
    }

    /** Checks that the service has answered the requests, and that the browser does not show the answers. */
    private static void assertRefused(ChromeDriver browser) {
        String log = browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .collect(Collectors.joining("\n"));
        assertThat(log)
                .contains(
                        "/models - Failed to load resource: net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin",
                        "/models/victim/train - Failed to load resource",
                        "/models/victim/versions/1/restore - Failed to load resource",
                        "/models/victim/trainings/1/cancel - Failed to load resource",
                        "/actuator/backup - Failed to load resource");
    }
}
