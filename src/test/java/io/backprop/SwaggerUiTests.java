package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Tries out operations in Swagger UI with a browser. Saves screenshots in {@code target/screenshots}. */
@Execution(ExecutionMode.CONCURRENT)
@SuppressWarnings("NullAway.Init") // by open
class SwaggerUiTests {

    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private ChildService service;
    private ChromeDriver browser;
    private WebDriverWait wait;

    private void open(String... options) throws IOException {
        browser = Chromium.start();
        service = ChildService.start(options);
        wait = new WebDriverWait(browser, Await.TIMEOUT);
        browser.manage().window().setSize(new Dimension(1280, 1800));
        browser.get("http://localhost:" + service.port() + "/swagger-ui.html");
    }

    @AfterEach
    void closeBrowser() {
        if (browser != null) {
            browser.quit();
        }
        if (service != null) {
            service.close();
        }
    }

    @Test
    void createsTrainsAndPredicts() throws Exception {
        open();
        wait.until(ExpectedConditions.numberOfElementsToBe(By.className("opblock"), 54));
        screenshot("operations");

        assertThat(tryOut("operations-Models-createModel")).isEqualTo("201");
        assertThat(tryOut("operations-Training-train")).isEqualTo("200");
        assertThat(tryOut("operations-Prediction-predict")).isEqualTo("200");
        wait.until(ExpectedConditions.textToBePresentInElementLocated(
                By.id("operations-Prediction-predict"), "0.9771447"));
        screenshot("predicted");
        assertThat(browser.manage().logs().get(LogType.BROWSER))
                .isEmpty(); // no violation of the Content-Security-Policy
    }

    @Test
    void authorizesWithAKey() throws Exception {
        String secret = "secret-of-the-browser";
        open("-Dbackprop.security.mode=keys", "-Dbackprop.api.keys=browser:train:" + secret);

        assertThat(tryOut("operations-Models-createModel")).isEqualTo("401");
        browser.findElement(By.cssSelector(".scheme-container .authorize")).click();
        wait.until(ExpectedConditions.elementToBeClickable(By.cssSelector(".auth-container input")))
                .sendKeys(secret);
        browser.findElement(By.cssSelector(".auth-container .authorize")).click();
        wait.until(ExpectedConditions.elementToBeClickable(By.cssSelector(".auth-container .btn-done")))
                .click();
        screenshot("authorized");

        assertThat(execute("operations-Models-createModel", "201")).isEqualTo("201");
        assertThat(tryOut("operations-Models-getModel")).isEqualTo("200");
    }

    /** Executes an operation with its unchanged example and returns the status that the page shows. */
    private String tryOut(String id) {
        WebElement operation = wait.until(ExpectedConditions.presenceOfElementLocated(By.id(id)));
        operation.findElement(By.className("opblock-summary-control")).click();
        return execute(id, "");
    }

    /** Executes an operation that is open, and waits for a status that contains a text. */
    private String execute(String id, String expected) {
        WebElement execute =
                wait.until(ExpectedConditions.elementToBeClickable(By.cssSelector("#%s .execute".formatted(id))));
        browser.executeScript("arguments[0].click()", execute);
        By status = By.cssSelector("#%s .live-responses-table .response .response-col_status".formatted(id));
        wait.until(ExpectedConditions.textToBePresentInElementLocated(status, expected));
        String shown = wait.until(ExpectedConditions.visibilityOfElementLocated(status))
                .getText();
        return shown.lines().findFirst().orElseThrow();
    }

    private void screenshot(String name) throws Exception {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), browser.getScreenshotAs(org.openqa.selenium.OutputType.BYTES));
    }
}
