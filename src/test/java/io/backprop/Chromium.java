package io.backprop;

import java.util.logging.Level;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Starts a browser without a window, which keeps its log and the events of its pages. */
final class Chromium {

    private Chromium() {}

    static ChromeDriver start() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(Requirement.program("chromium").toFile())
                .addArguments("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
                .addArguments("--disable-background-networking", "--disable-component-update", "--disable-quic");
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(
                                Requirement.program("chromedriver").toFile())
                        .withTimeout(Await.TIMEOUT)
                        .build(),
                options);
    }
}
