package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Runs the commands of the README's walk and compares each response with the one that the README shows. */
class ReadmeTests extends EmptyServiceTestBase {

    private static final Pattern BLOCK = Pattern.compile("```(sh|json|text|python)\\n(.*?)```", Pattern.DOTALL);

    private static final Pattern TRAINING = Pattern.compile("/(train|cross-validate|search)\\b");

    /** Printed by Python where the README shows an output. */
    private static final String END = "----- end of the output -----";

    private final JsonMatcher matcher = new JsonMatcher(Set.of());

    @Test
    void commandsReturnTheDocumentedResponses() throws Exception {
        List.of("bash", "curl").forEach(Requirement::program);
        String output = "";
        for (MatchResult block : blocks("## A walk")) {
            if (block.group(1).equals("sh")) {
                output = run(block.group(2));
            } else if (block.group(1).equals("text")) {
                assertThat(output.replaceAll("\\s+\n", "\n")).containsPattern(pattern(block.group(2)));
            } else {
                matcher.assertMatches(mapper.readTree(block.group(2)), mapper.readTree(output));
            }
        }
    }

    @Test
    void pythonCodePrintsTheDocumentedOutput() throws Exception {
        Path python = Requirement.python("pandas", "requests", "matplotlib", "onnxruntime");
        List<MatchResult> blocks = blocks("## In Python");
        String script = blocks.stream()
                .map(block -> block.group(1).equals("python") ? block.group(2) : "print('%s')\n".formatted(END))
                .collect(Collectors.joining());

        String[] outputs = output(python.toString(), "-c", script.replace("localhost:8080", "localhost:" + port))
                .split(END + "\n");

        List<String> documented = blocks.stream()
                .filter(block -> block.group(1).equals("text"))
                .map(block -> block.group(2))
                .toList();
        assertThat(outputs).hasSameSizeAs(documented);
        for (int i = 0; i < outputs.length; i++) {
            assertThat(outputs[i].strip()).matches(pattern(documented.get(i)));
        }
    }

    /** The first block sets keys and starts the service. */
    @Test
    void commandsForOthersWorkWithTheirKeys() throws Exception {
        List.of("bash", "curl", "base64").forEach(Requirement::program);
        List<String> blocks = blocks("## Running it for others").stream()
                .map(block -> block.group(2))
                .toList();
        String keys = blocks.get(0).substring(0, blocks.get(0).indexOf("java "))
                + "export PREDICT_KEY ADMIN_KEY; env | grep _KEY\n";
        Map<String, String> environment = output("bash", "-c", keys)
                .lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(variable -> variable[0], variable -> variable[1]));

        Map<String, String> settings =
                Map.of("SERVER_ADDRESS", "0.0.0.0", "BACKPROP_API_KEYS", environment.get("BACKPROP_API_KEYS"));
        try (ChildService service = ChildService.start(settings, TestFolders.create())) {
            List<String> outputs = new ArrayList<>();
            for (String command : blocks.subList(1, blocks.size())) {
                ProcessBuilder curl = new ProcessBuilder(
                        "bash", "-c", command.replace("curl ", "curl --fail ").replace(":8080", ":" + service.port()));
                curl.environment().putAll(environment);
                outputs.add(output(curl));
            }
            assertThat(outputs).hasSize(4);
            assertThat(outputs.get(0)).startsWith("{\"models\":[]");
            assertThat(outputs.get(1)).matches("[0-9a-f]{64}\\n");
            assertThat(outputs.get(2)).contains("backprop-", ".db");
            assertThat(outputs.get(3)).contains("backprop_");
        }
    }

    /** The commands that need Spark or containers are not run here: the tests of src/spark start its driver. */
    @Test
    void commandsForTablesQueueThemForDrivers() throws Exception {
        List.of("bash", "curl").forEach(Requirement::program);
        List<String> commands = blocks("## Tables larger than a machine").stream()
                .map(block -> block.group(2))
                .filter(command -> command.startsWith("curl "))
                .toList();
        assertThat(commands).hasSize(2);

        run(commands.get(0));
        JsonNode training = json(get("/models/clicks/trainings/1"), 200);
        assertThat(training.path("state").asString()).isEqualTo("queued");
        assertThat(training.at("/settings/table").asString()).isEqualTo("clicks");
        json(post("/models/clicks/trainings/1/cancel", ""), 200);
        train("clicks", "\"rows\": [{\"a\": 1, \"clicked\": 0}, {\"a\": 2, \"clicked\": 1}], \"target\": \"clicked\"");
        JsonNode scoring = mapper.readTree(run(commands.get(1)));
        assertThat(scoring.path("state").asString()).isEqualTo("queued");
        delete("/models/clicks");
    }

    private static List<MatchResult> blocks(String heading) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int start = readme.indexOf(heading + "\n");
        String section = readme.substring(start, readme.indexOf("\n## ", start));
        return BLOCK.matcher(section).results().toList();
    }

    /** Returns a pattern in which each … of the text matches anything. */
    private static Pattern pattern(String text) {
        return Pattern.compile(
                Stream.of(text.strip().split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    private String run(String command) throws IOException, InterruptedException {
        String patient = command.contains("Prefer") ? command : command.replace("curl ", "curl -H 'Prefer: wait=60' ");
        String output = output("bash", "-c", patient.replace("localhost:8080", "localhost:" + port));
        return patient.equals(command) || !TRAINING.matcher(command).find() ? output : completed(output);
    }

    /** The training of a response at its end; on a busy machine, it may take longer than a request may wait. */
    private String completed(String output) {
        JsonNode training = mapper.readTree(output);
        if (!training.path("finishedAt").isNull()) {
            return output;
        }
        String model = training.path("model").asString();
        String kind = training.has("rungs") ? "searches" : "trainings";
        return awaitEnd("/models/%s/%s/%d"
                        .formatted(model, kind, training.path("number").asInt()))
                .toString();
    }

    private static String output(String... command) throws IOException, InterruptedException {
        return output(new ProcessBuilder(command));
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        builder.redirectError(ProcessBuilder.Redirect.INHERIT)
                .environment()
                .put("MPLBACKEND", "Agg"); // plots are not shown
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", builder.command())).isZero();
        return output;
    }
}
