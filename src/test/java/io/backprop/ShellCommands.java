package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Runs commands that the console showed again, with bash, and compares the responses. */
final class ShellCommands {

    private static final JsonMapper MAPPER = new JsonMapper();

    /** States of models and trainings in which a response depends on the moment of the request. */
    private static final Set<String> UNSETTLED = Set.of("queued", "running", "training");

    private final ChildService service;
    private final Path folder = TestFolders.create();
    private final Map<String, String> environment;

    /**
     * @param environment variables that the commands need
     * @param files files that the commands send
     */
    ShellCommands(ChildService service, Map<String, String> environment, Path... files) throws IOException {
        this.service = service;
        this.environment = new HashMap<>(environment);
        this.environment.put("BACKPROP_URL", url());
        for (Path file : files) {
            Files.copy(file, folder.resolve(file.getFileName()));
        }
    }

    /** Returns the folder in which commands run. */
    Path folder() {
        return folder;
    }

    private String url() {
        return "http://localhost:" + service.port();
    }

    /** Runs commands one after the other, and checks the response of each. */
    void assertDoTheSame(List<ShownCommand> commands) throws IOException, InterruptedException {
        for (ShownCommand command : commands) {
            assertDoesTheSame(command);
        }
    }

    /**
     * Runs a command, and checks that its response is the one that the browser had, except for times and what depends on the
     * moment of a request.
     */
    private void assertDoesTheSame(ShownCommand command) throws IOException, InterruptedException {
        assertThat(command.text()).startsWith("curl ").contains(url());
        String output = bash("-c", "curl() { command curl -w '\\n%{http_code}' \"$@\"; }\n" + command.text());
        int end = output.lastIndexOf('\n');
        String body = output.substring(0, end);
        assertThat(output.substring(end + 1)).as(command.text() + "\n" + body).isEqualTo("" + command.status());
        if (command.status() == 202) {
            awaitEnd(MAPPER.readTree(body));
        }
        if (command.operation().contains("/history")) {
            assertContinues(MAPPER.readTree(body), MAPPER.readTree(command.body()));
        } else if (command.operation().endsWith("/events")) {
            assertThat(body).contains("event:end");
        } else if (command.body().startsWith("{") && isSettled(command.body())) {
            assertThat(withoutTimes(MAPPER.readTree(body)))
                    .as(command.text())
                    .isEqualTo(withoutTimes(MAPPER.readTree(command.body())));
        }
    }

    /** Waits for the end of a training, so that its results are there for the next commands. */
    private void awaitEnd(JsonNode training) throws IOException, InterruptedException {
        String events = "%s/models/%s/trainings/%d/events"
                .formatted(
                        url(),
                        training.path("model").asString(),
                        training.path("number").asInt());
        bash("-c", "curl -sS --fail -o events ${BACKPROP_KEY:+-H \"Authorization: Bearer $BACKPROP_KEY\"} " + events);
    }

    /** Checks that a history has the values of one that was sent during the training. */
    private static void assertContinues(JsonNode history, JsonNode earlier) {
        if (earlier.isArray()) {
            for (int i = 0; i < earlier.size(); i++) {
                assertThat(history.path(i)).isEqualTo(earlier.path(i));
            }
        } else {
            earlier.properties().forEach(field -> assertContinues(history.path(field.getKey()), field.getValue()));
        }
    }

    /** Runs a script, which stops at the first command that fails. */
    String runScript(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("recorded.sh"), script);
        return bash("-eu", file.toString());
    }

    private String bash(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Requirement.program("bash").toString());
        builder.command().addAll(List.of(arguments));
        builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .environment()
                .putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s%n%s", arguments[arguments.length - 1], output)
                .isZero();
        return output;
    }

    private static boolean isSettled(String json) {
        return MAPPER.readTree(json).findValues("state").stream()
                .noneMatch(state -> UNSETTLED.contains(state.asString()));
    }

    static JsonNode withoutTimes(JsonNode json) {
        if (json.isArray()) {
            json.forEach(ShellCommands::withoutTimes);
        } else if (json instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getKey().matches(".*(At|Seconds|Millis|PerSecond|requestId)"));
            object.forEach(ShellCommands::withoutTimes);
        }
        return json;
    }
}
