package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the service serves the files of the console. {@code AccessTable} has that they need no key. */
class ConsoleFilesTests extends ServiceTestBase {

    private static final String PAGE = "<title>backprop</title>";
    private static final Path FILES = Path.of("src/main/resources/static");

    @ParameterizedTest
    @CsvSource({
        "/,                               text/html;charset=utf-8",
        "/index.html,                     text/html;charset=utf-8",
        "/console/main.js,                text/javascript;charset=utf-8",
        "/console/console.css,            text/css;charset=utf-8",
        "/console/icon.svg,               image/svg+xml",
        "/console/examples/penguins.csv,  text/csv;charset=utf-8",
        "/console/vendor/htm-preact.js,   text/javascript;charset=utf-8",
        "/console/vendor/LICENSE-htm.txt, text/plain;charset=utf-8"
    })
    void filesHaveTheirTypes(String path, String type) {
        HttpResponse<String> file = get(path);

        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(header(file, "Content-Type")).isEqualTo(type);
    }

    @Test
    void everyFileIsServed() throws IOException {
        try (Stream<Path> files = Files.walk(FILES).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                assertThat(get("/" + FILES.relativize(file)).body()).isEqualTo(Files.readString(file));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*/*", "text/html", "application/json", "image/webp", "text/html;q=0", "*/*;q=0", "x", ",,"})
    void rootIsTheConsoleWhateverTheRequestAccepts(String accept) {
        HttpResponse<String> page = send(request("/").header("Accept", accept).header("Accept-Language", "de"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains(PAGE);
        assertThat(header(page, "Content-Language")).isEqualTo("en");
    }

    /** The dates of files in a jar say nothing about their content. */
    @ParameterizedTest
    @ValueSource(strings = {"/", "/console/main.js", "/problems", "/problems/page.css", "/swagger-ui/swagger-ui.css"})
    void copiesAreValidatedByTheirContent(String path) {
        HttpResponse<String> file = get(path);
        String tag = header(file, "ETag");

        HttpResponse<String> valid = send(request(path).header("If-None-Match", tag));
        assertThat(valid.statusCode()).isEqualTo(304);
        assertThat(valid.body()).isEmpty();
        assertThat(header(valid, "ETag")).isEqualTo(tag);
        assertThat(header(valid, "Cache-Control")).isEqualTo("no-cache");

        assertThat(file.headers().map()).doesNotContainKey("last-modified");
        assertThat(send(request(path).header("If-None-Match", "\"earlier\"")).body())
                .isEqualTo(file.body());
        assertThat(send(request(path).header("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"))
                        .body())
                .isEqualTo(file.body());
    }

    @Test
    void filesHaveDifferentTags() {
        assertThat(Stream.of("/", "/console/main.js", "/console/http.js").map(path -> header(get(path), "ETag")))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console/main.js"})
    void headHasTheSameHeaders(String path) {
        HttpResponse<String> head = send(request(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(head.body()).isEmpty();
        HttpResponse<String> file = get(path);
        for (String name : List.of("Content-Type", "Content-Length", "ETag", "Cache-Control")) {
            assertThat(header(head, name)).isEqualTo(header(file, name));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/",
                "/console/vendor/",
                "/console/unknown.js",
                "/console/main.js.map",
                "/static/index.html",
                "/application.yml",
                "/console/application.yml"
            })
    void foldersAndUnknownFilesAreNotFound(String path) {
        problem(get(path), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/../application.yml",
                "/console/../../application.yml",
                "/console/%2e%2e/%2e%2e/application.yml",
                "/console/..%2f..%2fapplication.yml",
                "/console/..%5c..%5capplication.yml",
                "/console/%252e%252e/application.yml",
                "/console//main.js",
                "/console/main.js;x=1",
                "/console/file:/etc/passwd"
            })
    void pathsDoNotLeaveTheFolder(String path) {
        assertThat(exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 (400|404) .*application/problem\\+json.*");
    }

    @Test
    void browsersFindAnIconWithoutAPage() {
        HttpResponse<String> icon = get("/favicon.ico");

        assertThat(icon.statusCode()).isEqualTo(302);
        assertThat(get(header(icon, "Location")).body()).startsWith("<svg ");
    }
}
