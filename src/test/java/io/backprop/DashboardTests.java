package io.backprop;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** Grafana's dashboard and Prometheus' alert rules, with the metrics of the running service. */
class DashboardTests extends ServiceTestBase {

    private static final Path DASHBOARD = PrometheusServer.FILES.resolve("backprop.json");
    private static final Path RULES = PrometheusServer.FILES.resolve("rules.yml");

    /** A metric with its labels; label values may contain braces. */
    private static final Pattern SERIES =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\{((?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*\")*)}");

    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\)");
    private static final Pattern THRESHOLD = Pattern.compile("\\s*[<>=]+\\s*[0-9.]+$");

    /** Labels that Prometheus adds. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance", "le");

    /** Label values that exist only after failures. */
    private static final Set<String> ONLY_AFTER_FAILURES = Set.of("state=failed");

    @BeforeEach
    void work() throws IOException {
        String id = create("\"hidden\": [4]");
        train(id, XOR + ", \"epochs\": 5");
        predict(id, "[[0, 1]]");
        post("/models/" + id + "/predict", "{\"inputs\": [[1, 2, 3]]}");
        refuse();
    }

    /** Announces a body that is too large. */
    private void refuse() throws IOException {
        String request = """
                POST /models HTTP/1.1\r
                Host: localhost:%d\r
                Content-Type: application/json\r
                Content-Length: 100000000000\r
                Expect: 100-continue\r
                \r
                """;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.formatted(port).getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 413");
        }
    }

    @Test
    void eachQueryUsesMetricsAndLabelsOfTheService() throws IOException {
        Map<String, Set<String>> labels = labels(scrape());

        for (String query : queries()) {
            List<MatchResult> series = SERIES.matcher(query).results().toList();
            assertThat(series).as(query).isNotEmpty();
            Set<String> ofQuery = new HashSet<>(OF_PROMETHEUS);
            for (MatchResult one : series) {
                if (one.group(1).equals("up")) {
                    continue;
                }
                assertThat(labels).as(query).containsKey(one.group(1));
                Set<String> known = labels.get(one.group(1));
                ofQuery.addAll(known);
                LABEL.matcher(one.group(2)).results().forEach(label -> {
                    String name = label.group(1);
                    String value = name + "=" + label.group(3);
                    if (!OF_PROMETHEUS.contains(name)) {
                        assertThat(known).as(query).contains(name);
                    }
                    if (!OF_PROMETHEUS.contains(name)
                            && label.group(2).equals("=")
                            && !ONLY_AFTER_FAILURES.contains(value)) {
                        assertThat(known).as(query).contains(value);
                    }
                });
            }
            GROUPING.matcher(query)
                    .results()
                    .flatMap(by -> Stream.of(by.group(1).split(", *")))
                    .forEach(label -> assertThat(ofQuery).as(query).contains(label));
        }
    }

    @Test
    void prometheusAnswersEachQuery() throws IOException {
        try (PrometheusServer prometheus = PrometheusServer.start(port, "unused-on-loopback")) {
            Await.until(() -> !prometheus.query("up == 1").isEmpty());
            Set<String> unanswered = new TreeSet<>(queries());
            Await.until(
                    () -> {
                        unanswered.removeIf(query ->
                                !prometheus.query(withoutThreshold(query)).isEmpty());
                        return unanswered;
                    },
                    Set::isEmpty);
            assertThat(prometheus
                            .query("sum(rate(http_server_requests_seconds_count[1m]))")
                            .path(0)
                            .path("value")
                            .path(1)
                            .asDouble())
                    .isPositive();
            assertThat(Await.until(
                            prometheus::rules,
                            rules -> rules.stream()
                                    .noneMatch(rule ->
                                            rule.path("health").asString().equals("unknown"))))
                    .hasSize(rules().size())
                    .allSatisfy(rule -> {
                        assertThat(rule.path("health").asString())
                                .as(rule.toString())
                                .isEqualTo("ok");
                        assertThat(rule.path("state").asString())
                                .as(rule.toString())
                                .isEqualTo("inactive");
                    });
        }
    }

    @Test
    void panelsAreReadable() throws IOException {
        assertThat(panels()).hasSizeGreaterThan(20).allSatisfy(panel -> {
            assertThat(panel.path("title").asString()).isNotBlank();
            assertThat(panel.at("/fieldConfig/defaults/unit").asString()).isNotBlank();
            assertThat(panel.at("/fieldConfig/defaults/thresholds/steps")).isNotEmpty();
            assertThat(panel.at("/datasource/uid").asString()).isEqualTo("${datasource}");
            assertThat(panel.path("targets")).isNotEmpty();
            if (panel.path("type").asString().equals("timeseries")) {
                assertThat(panel.path("targets"))
                        .allSatisfy(
                                target -> assertThat(target.path("legendFormat").asString())
                                        .isNotBlank());
            }
        });
        assertThat(panels().stream().map(panel -> panel.path("id").asInt())).doesNotHaveDuplicates();
    }

    @Test
    void nothingThatClientsChooseIsALabel() {
        int paths = Integer.getInteger("test.paths", 25);
        scrape(); // has series of its own
        long before = Await.until(this::countSeries, count -> count == countSeries());

        for (int i = 0; i < paths; i++) {
            get("/oddity-" + i);
            get("/models/oddity-" + i);
            post("/models/oddity-" + i + "/predict?version=oddity" + i, "{\"oddity-" + i + "\": 1}");
            send(request("/models").method("ODDITY" + i, BodyPublishers.noBody()));
            send(request("/models").header("Oddity-" + i, "oddity").header("Sec-Fetch-Site", "oddity-" + i));
        }

        assertThat(scrape()).doesNotContainIgnoringCase("oddity");
        assertThat(countSeries() - before)
                .as("series for the statuses that these requests have")
                .isLessThan(150);
    }

    private long countSeries() {
        return scrape().lines().filter(line -> !line.startsWith("#")).count();
    }

    private String scrape() {
        return get("/actuator/prometheus").body();
    }

    /** Returns the names of the labels of each metric, and NAME=VALUE of each label. */
    private static Map<String, Set<String>> labels(String scrape) {
        Map<String, Set<String>> labels = new HashMap<>();
        scrape.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Set<String> known = labels.computeIfAbsent(line.split("[{ ]", 2)[0], name -> new HashSet<>());
            LABEL.matcher(line).results().forEach(label -> {
                known.add(label.group(1));
                known.add(label.group(1) + "=" + label.group(3));
            });
        });
        return labels;
    }

    private Set<String> queries() throws IOException {
        return Stream.concat(
                        panels().stream()
                                .flatMap(panel -> panel.path("targets").valueStream())
                                .map(target -> target.path("expr").asString()),
                        rules().stream().map(rule -> (String) rule.get("expr")))
                .map(DashboardTests::withoutVariables)
                .collect(toSet());
    }

    private static String withoutThreshold(String query) {
        return THRESHOLD.matcher(query).replaceFirst("");
    }

    private static String withoutVariables(String query) {
        String replaced = query.replace("$job", "backprop")
                .replace("$instance", ".*")
                .replace("$operation", "/models/{id}/predict")
                .replace("$__rate_interval", "1m");
        assertThat(replaced).doesNotContain("$");
        return replaced;
    }

    private List<JsonNode> panels() throws IOException {
        return mapper.readTree(Files.readString(DASHBOARD))
                .path("panels")
                .valueStream()
                .filter(panel -> !panel.path("type").asString().equals("row"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rules() throws IOException {
        Map<String, List<Map<String, Object>>> file = new Yaml().load(Files.readString(RULES));
        return requireNonNull(file.get("groups")).stream()
                .flatMap(group -> ((List<Map<String, Object>>) requireNonNull(group.get("rules"))).stream())
                .toList();
    }
}
