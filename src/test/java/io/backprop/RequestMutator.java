package io.backprop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Draws requests in which something is wrong. They start from the operations of an OpenAPI document, with its examples and
 * with values of its schemas, so that a new operation is included by itself.
 */
final class RequestMutator {
    /*
     * Bodies are texts in ISO 8859-1, so that each character is a byte.
     */

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final String JSON = "application/json";
    private static final String CSV = "text/csv";
    private static final String NDJSON = "application/x-ndjson";

    private static final List<String> METHODS = List.of(
            "GET",
            "HEAD",
            "POST",
            "PUT",
            "PATCH",
            "DELETE",
            "OPTIONS",
            "TRACE",
            "CONNECT",
            "get",
            "PRI",
            "A".repeat(9_000),
            "G(T");

    private static final List<String> SEGMENTS = List.of(
            "",
            ".",
            "..",
            "%2e%2e",
            "%2F",
            "%5C",
            "%00",
            "%",
            "%zz",
            "%c3%28",
            "%F0%9F%9F%A5",
            ";a=b",
            "x;jsessionid=1",
            "x.json",
            "*",
            "{id}",
            "-1",
            "0",
            "1",
            "2",
            "9223372036854775808",
            "1e3",
            "XOR",
            "xor%20",
            "numbers",
            "classes",
            "table",
            "iris",
            "a".repeat(9_000),
            "a/".repeat(200),
            "<script>",
            "\"",
            "|",
            "^",
            "\\",
            "\u00fc",
            "\u0001",
            "#a",
            "?a");

    private static final List<String> HEADERS = List.of(
            "Accept",
            "Accept-Charset",
            "Accept-Encoding",
            "Accept-Language",
            "Connection",
            "Content-Encoding",
            "Content-Language",
            "Content-Length",
            "Content-Range",
            "Content-Type",
            "Cookie",
            "Date",
            "Expect",
            "HTTP2-Settings",
            "Host",
            "If-Modified-Since",
            "If-Range",
            "If-Unmodified-Since",
            "Max-Forwards",
            "Origin",
            "Proxy-Authorization",
            "Range",
            "Referer",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "User-Agent",
            "Via",
            "X-HTTP-Method-Override",
            "Authorization",
            "Sec-Fetch-Site",
            "Sec-Fetch-Mode",
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Prefix",
            "X-Forwarded-Proto",
            "X-Request-Id",
            "traceparent",
            "X-Nonsense");

    private static final List<String> HEADER_VALUES = List.of(
            "",
            " ",
            "*",
            "*/*",
            "*/*;q=0",
            "text/csv",
            "application/json",
            "application/x-ndjson",
            "application/problem+json",
            "text/event-stream",
            "text/html",
            "image/png",
            "application/*",
            "text/csv;q=0.5, application/json;q=2",
            "text/csv;charset=utf-16",
            "text/csv; header=absent",
            "application/json;charset=nonsense",
            "application/json; charset=\"",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
            ";;;",
            "a/b/c",
            "/",
            "\"",
            "\"1\"",
            "W/\"1\"",
            "\"xor-1\", *",
            ",",
            "wait=0",
            "wait=-1",
            "wait=1e9",
            "wait=99999999999999999999",
            "respond-async, wait=1",
            "respond-async;a=\"",
            "bytes=0-",
            "bytes=-1",
            "bytes=5-2",
            "bytes=" + "0-0,".repeat(300) + "1-2",
            "100-continue",
            "100-Continue",
            "nonsense",
            "gzip",
            "x-gzip",
            "br",
            "identity",
            "gzip, gzip",
            "chunked",
            "gzip, chunked",
            "chunked, chunked",
            "close",
            "keep-alive",
            "upgrade",
            "Upgrade, HTTP2-Settings",
            "h2c",
            "websocket",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "-1",
            "0",
            "1",
            "7",
            "100000",
            "9223372036854775808",
            "+3",
            "0x10",
            "3, 3",
            "\u00e9",
            "a\u0000b",
            "\u007f",
            "\t",
            "a\rb",
            "a".repeat(300),
            "a".repeat(7_000),
            "a".repeat(100_000),
            "=",
            "a=b; c",
            "localhost",
            "localhost:1",
            "evil.example",
            "http://evil.example",
            "[::1",
            "GET",
            "DELETE",
            "en;q=0.5, *",
            "Bearer",
            "Bearer x",
            "bearer \u0085",
            "Basic eDp5",
            "Digest username=\"a\"",
            "cross-site",
            "same-origin",
            "null",
            "http://localhost",
            "https://[::1",
            "for=\"[::1]\";proto=https;host=evil.example",
            "10.0.0.1, 127.0.0.1",
            "../..",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "$".repeat(100));

    private static final List<String> WHOLE_HEADERS = List.of(
            "no colon",
            ": no name",
            " folded",
            "a b: c",
            "a\u0000: b",
            "\u00e9: b",
            "a:b",
            "A : b",
            "a".repeat(9_000) + ": b",
            "(: b");

    private static final List<String> VALUES = Stream.of(
                    "null",
                    "true",
                    "0",
                    "-0",
                    "-1",
                    "2",
                    "1e-50",
                    "1E+400",
                    "1e999999999",
                    "1e38",
                    "-1e38",
                    "2147483647",
                    "2147483648",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "0.5",
                    "01",
                    "+1",
                    ".5",
                    "1.",
                    "0x10",
                    "NaN",
                    "-Infinity",
                    "True",
                    "'a'",
                    "\"\"",
                    "\"a\"",
                    "\"\u00fc\ud83d\udfe5\\u0000\"",
                    "\"\\ud800\"",
                    "\"\\udc00\\ud800\"",
                    "\"\\ud83d\\udfe5\"",
                    "\"\\x\"",
                    "\"" + "x".repeat(70_000) + "\"",
                    "[]",
                    "{}",
                    "[[]]",
                    "[[1]]",
                    "[null]",
                    "{\"a\":1,\"a\":2}",
                    "{\"\":0}",
                    "/*c*/1",
                    "\"softmax\"",
                    "\"adam\"",
                    "{\"type\":\"sgd\"}",
                    "3".repeat(100),
                    "3".repeat(2_000),
                    "0." + "3".repeat(70_000),
                    "[".repeat(100),
                    "[".repeat(5_000),
                    "{\"a\":".repeat(3_000),
                    "[" + "0,".repeat(20_000) + "0]",
                    "1000000000")
            .map(RequestMutator::latin)
            .toList();

    private static final List<String> CELLS = List.of(
            "",
            " ",
            "NA",
            "NaN",
            "inf",
            "1e999",
            "-1e-999",
            "1.5",
            "1,5",
            "0x1p3",
            "2024-02-30",
            "2024-02-29T00:00:00Z",
            "=1+1",
            "\"",
            "\"\"",
            "\"a",
            "a\"b",
            "\"a,b\"",
            "\"a\nb\"",
            "\u0000",
            "\ufeff",
            "\u00e9",
            "9".repeat(400),
            "a".repeat(70_000),
            ",".repeat(5_000),
            "'",
            "\\N",
            "true",
            "\t",
            ";",
            "{",
            "{\"a\":",
            "[",
            "#");

    private static final List<String> LINE_ENDS = List.of("\r\n", "\r", "", "\n\n", " \n", ",\n");

    private static final List<String> CHUNK_SIZES = List.of(
            "", "zz", "-1", "0x5", "5 ", "fffffffff", "ffffffffffffffffffff", "00000000000000000000", "1;", "7fffffff");

    private static final List<String> VERSIONS =
            List.of("HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/9.9", "HTTP/1.1.1", "http/1.1", "", "X");

    private static final String TABLE = "a,b,y\n1.5,x,no\n,\"z, \"\"2\"\"\",yes\n-2e3,x,no\n2024-02-29,NA,yes\n";

    private static final String LINES = """
            {"a": 1.5, "b": "x", "y": "no"}
            {"a": null, "b": "z", "y": "yes"}
            {"a": -2e3, "b": true, "y": "no"}
            """;

    /** Combinations of fields and options that the examples of the document do not have. */
    private static final List<Seed> MORE_SEEDS = List.of(
            seed("/models", JSON, """
                    {"layerCount": 3, "hiddenUnits": [4, 2], "learningRate": 0.5, "inputs": 2, "outputs": 1, "seed": 7}"""),
            seed("/models", JSON, """
                    {"hidden": [{"units": 4, "activation": "relu", "dropout": 0.2}, {"units": 2}], "task": "classification",
                     "optimizer": {"type": "adamw", "beta1": 0.9, "weightDecay": 0.01}, "classes": ["a", "b", "c"],
                     "learningRateSchedule": {"type": "cosine_decay", "decaySteps": 10, "alpha": 0.1}, "l2": 0.01,
                     "globalClipNorm": 1, "batchSize": 2, "shuffle": true, "initializer": "he_normal", "loss": "huber",
                     "outputActivation": "tanh", "activation": "gelu"}"""),
            seed("/models/numbers/train", JSON, """
                    {"inputs": [[0, 1], [1, 0], [1, 1]], "targets": [[1], [1], [0]], "epochs": 3, "batchSize": 2,
                     "shuffle": true, "learningRate": 0.1, "validationSplit": 0.3, "earlyStopping": {"patience": 2,
                     "minDelta": 0.1, "monitor": "loss"}, "sampleWeights": [1, 2, 0.5], "timeLimitSeconds": 0.01}"""),
            seed("/models/classes/train", JSON, """
                    {"inputs": [[0, 1], [1, 0], [1, 1]], "targets": ["a", "b", "c"], "epochs": 3, "reset": true,
                     "validationInputs": [[0, 1]], "validationTargets": ["a"], "classWeights": {"a": 2, "b": 1}}"""),
            seed("/models/classes/predict", JSON, "{\"inputs\": [[0.25, -1e-3], [1, 7]]}"),
            seed("/models/classes/evaluate", JSON, """
                    {"inputs": [[0, 1], [1, 0]], "targets": ["a", "c"]}"""),
            seed("/models/numbers/importance", JSON, """
                    {"inputs": [[0, 1], [1, 0]], "targets": [0.5, 1], "repeats": 3, "seed": 7}"""),
            seed("/models/numbers/evaluate", JSON, "{\"inputs\": [[0, 1], [1, 0]], \"targets\": [0.5, 1]}"),
            seed("/models/table/train", JSON, """
                    {"rows": [{"a": 1.5, "b": "x", "y": "no"}, {"a": null, "b": "z", "y": "yes"}, {"a": 2, "b": true, "y": "no"}],
                     "target": "y", "columns": {"a": "numeric", "b": "categorical"}, "epochs": 2}"""),
            seed("/models/table/train?target=y&epochs=2&reset=true&columns.b=ignore", CSV, TABLE),
            seed("/models/table/cross-validate?target=y&epochs=2&folds=2&classWeights=balanced", CSV, TABLE),
            seed("/models/table/predict", CSV, TABLE),
            seed("/models/table/evaluate?version=1", CSV, TABLE),
            seed("/models/table/importance?repeats=2&seed=1", NDJSON, LINES),
            seed("/models/table/train?target=y&validationSplit=0.5", NDJSON, LINES),
            seed("/models/table/train?target=y&epochs=2&reset=true&splitColumn=part", CSV, """
                    a,part,y
                    1.5,train,no
                    ,train,yes
                    -2e3,validation,no
                    """),
            seed("/models/table/cross-validate?target=y&epochs=2&folds=2&groupColumn=b", NDJSON, LINES),
            seed("/models/table/train", JSON, """
                    {"rows": [{"a": 1.5, "g": "x", "y": "no"}, {"a": null, "g": 12345678901, "y": "yes"}, {"a": 2, "g": true, "y": "no"}],
                     "target": "y", "groupColumn": "g", "validationSplit": 0.3, "epochs": 2, "reset": true}"""),
            seed("/models/table/train", JSON, """
                    {"rows": [{"a": 1.5, "b": "x", "y": "no"}, {"a": null, "b": "z", "y": "yes"}], "target": "y", "epochs": 2,
                     "validationRows": [{"y": "no", "b": "x", "a": 3}, {"y": "yes", "b": null, "a": 4}], "reset": true}"""),
            seed("/models/table/predict", JSON, """
                    {"rows": [{"a": 1.5, "b": "x"}, {"a": 2, "b": null}]}"""));

    /** Paths that the document does not describe. */
    private static final List<String> OTHER_PATHS = List.of(
            "/",
            "/console/main.js",
            "/nothing",
            "/v3/api-docs",
            "/v3/api-docs.yaml",
            "/v3/api-docs/swagger-config",
            "/swagger-ui.html",
            "/swagger-ui/index.html",
            "/problems/",
            "/problems/not-found",
            "/actuator",
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/info",
            "/actuator/backup",
            "/actuator/prometheus",
            "/actuator/env",
            "/error",
            "/favicon.ico");

    private final OpenApiDocument document;
    private final String authorization;
    private final List<Seed> seeds = new ArrayList<>();

    RequestMutator(OpenApiDocument document, String authorization) {
        this.document = document;
        this.authorization = authorization;
        for (OpenApiDocument.Operation operation : document.operations()) {
            addSeeds(operation);
        }
        seeds.addAll(MORE_SEEDS);
        OTHER_PATHS.forEach(path -> seeds.add(new Seed("GET", path, "", "", null)));
    }

    /** A valid request. */
    private record Seed(
            String method, String target, String type, String body, OpenApiDocument.@Nullable Operation operation) {

        RawRequest toRequest() {
            return new RawRequest(method, target, type, bytes(body));
        }
    }

    private static Seed seed(String target, String type, String body) {
        return new Seed("POST", target, type, latin(body), null);
    }

    /** Adds the examples of an operation. The name of an example of a table ends in the path it is for. */
    private void addSeeds(OpenApiDocument.Operation operation) {
        String method = operation.method().toUpperCase(Locale.ROOT);
        if (!operation.takesBody()) {
            seeds.add(new Seed(method, operation.target(), "", "", operation));
        }
        for (String type : operation.bodyTypes()) {
            operation.body(type).path("examples").propertyStream().forEach(example -> {
                JsonNode value = example.getValue().get("value");
                String name = example.getKey();
                String target = name.contains(", to /") ? name.replaceFirst(".*, to ", "") : operation.target();
                String body = value.isString() ? value.asString() : value.toString();
                seeds.add(new Seed(method, target, type, latin(body), operation));
            });
        }
    }

    /** Draws a request. */
    RawRequest draw(Random random) {
        return new Draw(random).request();
    }

    /** The mutations of one request. */
    private final class Draw {

        private final Random random;
        private final Seed seed;
        private final RawRequest request;

        /** Those of the body come first, then those of its encoding, and those of the whole request last. */
        private final List<Runnable> mutations = List.of(
                this::drawBody,
                this::drawBody,
                this::changeBody,
                this::changeBody,
                this::changeBody,
                this::changeTable,
                this::changeTable,
                this::changeQuery,
                this::changeQuery,
                this::changePath,
                this::changeMethod,
                this::addDocumentedHeader,
                this::changeHeader,
                this::changeHeader,
                this::compress,
                this::chunk,
                this::changeBytesOnWire);

        Draw(Random random) {
            this.random = random;
            this.seed = one(seeds);
            this.request = seed.toRequest();
            if (!authorization.isEmpty()) {
                request.headers.add("Authorization: " + authorization);
            }
        }

        RawRequest request() {
            TreeSet<Integer> chosen = new TreeSet<>();
            for (int count = 1 + random.nextInt(2); count > 0; count--) {
                chosen.add(random.nextInt(mutations.size()));
            }
            chosen.forEach(index -> mutations.get(index).run());
            return request;
        }

        private <T> T one(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        private boolean isTable() {
            return seed.type().equals(CSV) || seed.type().equals(NDJSON);
        }

        private String body() {
            return new String(request.body, StandardCharsets.ISO_8859_1);
        }

        /** Replaces some of the fields of a JSON object by values of their schemas. */
        private void drawBody() {
            if (seed.operation() == null || isTable() || seed.body().isEmpty()) {
                changeBody();
                return;
            }
            JsonNode drawn = new SchemaValues(document, random)
                    .draw(seed.operation().body(seed.type()).path("schema"));
            JsonNode original = MAPPER.readTree(bytes(seed.body()));
            if (drawn.isObject() && original.isObject() && random.nextInt(4) > 0) {
                drawn = ((ObjectNode) original.deepCopy()).setAll((ObjectNode) drawn);
            }
            request.body = bytes(latin(drawn.toString()));
        }

        private void changeBody() {
            String changed = body();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                changed = random.nextInt(3) == 0 ? changeBytes(changed) : changeValue(changed);
            }
            request.body = bytes(changed);
        }

        /** Deletes, repeats or replaces some of the bytes. */
        private String changeBytes(String text) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + 1 + random.nextInt(4));
            String changed = switch (random.nextInt(3)) {
                case 0 -> "";
                case 1 -> text.substring(from, to).repeat(2);
                default -> String.valueOf((char) random.nextInt(256));
            };
            return text.substring(0, from) + changed + text.substring(to);
        }

        /** Deletes, repeats or replaces the text between two structural characters of JSON. */
        private String changeValue(String text) {
            int[] structural = IntStream.range(0, text.length())
                    .filter(i -> "{}[],:".indexOf(text.charAt(i)) >= 0)
                    .toArray();
            if (structural.length < 2) {
                return changeBytes(text);
            }
            int index = random.nextInt(structural.length - 1);
            int from = structural[index] + 1;
            int to = structural[Math.min(structural.length - 1, index + 1 + random.nextInt(2))];
            String value = text.substring(from, to);
            String changed = switch (random.nextInt(4)) {
                case 0 -> "";
                case 1 -> value + "," + value;
                default -> one(VALUES);
            };
            return text.substring(0, from) + changed + text.substring(to);
        }

        /** Changes cells, lines and line ends of a table. */
        private void changeTable() {
            if (!isTable()) {
                drawBody();
                return;
            }
            List<String> lines = new ArrayList<>(body().lines().toList());
            if (lines.isEmpty()) {
                return;
            }
            int index = random.nextInt(lines.size());
            String line = lines.get(index);
            switch (random.nextInt(7)) {
                case 0 -> lines.remove(index);
                case 1 -> lines.add(index, line);
                case 2 -> lines.addAll(List.copyOf(lines));
                case 3 -> lines.replaceAll(each -> each.replace(',', ';'));
                case 4 -> lines.set(index, line + latin(one(CELLS)));
                default -> {
                    String[] cells = line.split(",", -1);
                    cells[random.nextInt(cells.length)] = latin(one(CELLS));
                    lines.set(index, String.join(",", cells));
                }
            }
            String changed = String.join(random.nextInt(4) == 0 ? one(LINE_ENDS) : "\n", lines);
            request.body = switch (random.nextInt(12)) {
                case 0 -> bytes("\u00ef\u00bb\u00bf" + changed); // a byte order mark
                case 1 -> changed.getBytes(StandardCharsets.UTF_16);
                default -> bytes(changed);
            };
        }

        private void changeQuery() {
            List<String> query = request.query;
            List<JsonNode> documented = parameters("query");
            int change = random.nextInt(8);
            if (change < 4 && !documented.isEmpty()) {
                JsonNode parameter = one(documented);
                String name = parameter.get("name").asString().replace("NAME", "a");
                JsonNode value = new SchemaValues(document, random).draw(parameter.path("schema"));
                query.add(name + "=" + (change == 0 ? encode(one(VALUES)) : encode(value.asString(value.toString()))));
            } else if (change < 6 && !query.isEmpty()) {
                int index = random.nextInt(query.size());
                String changed = encode(changeBytes(query.get(index))).replaceFirst("%3D", "=");
                query.set(index, changed);
            } else if (change == 6 && !query.isEmpty()) {
                query.add(one(query));
            } else {
                query.add(one(List.of(
                        "a=b",
                        "=",
                        "a",
                        "&&",
                        "%",
                        "a=%zz",
                        "a=%00",
                        "%FF=%FE",
                        "version=%u1234",
                        "a=" + "b".repeat(9_000),
                        "a=b&".repeat(2_000),
                        "version=1;a",
                        "[a]=1",
                        "a[]=1",
                        "method=DELETE",
                        "_method=PUT",
                        "\u00fc=\u00fc",
                        "a b",
                        "^=|")));
            }
        }

        private List<JsonNode> parameters(String in) {
            return seed.operation() == null
                    ? List.of()
                    : seed.operation()
                            .description()
                            .path("parameters")
                            .valueStream()
                            .filter(parameter -> parameter.get("in").asString().equals(in))
                            .toList();
        }

        private void changePath() {
            String[] segments = request.path.split("/", -1);
            int index = random.nextInt(segments.length);
            switch (random.nextInt(6)) {
                case 0 -> segments[index] = segments[index] + "/" + one(SEGMENTS);
                case 1 -> segments[index] = segments[index] + one(SEGMENTS);
                default -> segments[Math.max(1, index) % segments.length] = one(SEGMENTS);
            }
            request.path = String.join("/", segments);
            request.endsConnection = true;
        }

        private void changeMethod() {
            request.method = one(METHODS);
            request.endsConnection = true;
        }

        private void addDocumentedHeader() {
            List<JsonNode> documented = parameters("header");
            String name = documented.isEmpty()
                    ? "Accept"
                    : one(documented).get("name").asString();
            addHeader(name + ": " + one(HEADER_VALUES));
        }

        private void changeHeader() {
            switch (random.nextInt(8)) {
                case 0 -> addHeader(one(WHOLE_HEADERS));
                case 1 -> addHeader(one(request.headers));
                case 2 -> request.headers.remove(random.nextInt(request.headers.size()));
                case 3 ->
                    IntStream.range(0, random.nextInt(300))
                            .forEach(index -> request.headers.add("X-" + index + ": " + index));
                default -> addHeader(one(HEADERS) + ": " + one(HEADER_VALUES));
            }
            if (request.headers.isEmpty()) {
                request.headers.add("X: y");
            }
            request.endsConnection = true;
        }

        private void addHeader(String header) {
            String name = header.replaceFirst(":.*", ":");
            if (random.nextBoolean()) {
                request.headers.removeIf(line -> line.startsWith(name));
            }
            request.headers.add(header);
            request.endsConnection = true;
        }

        private void compress() {
            byte[] body = request.body;
            byte[] packed = gzip(body);
            request.headers.add(
                    "Content-Encoding: " + one(List.of("gzip", "gzip", "gzip", "x-gzip", "GZIP", "gzip, gzip")));
            request.body = switch (random.nextInt(10)) {
                case 0 -> packed;
                case 1 -> Arrays.copyOf(packed, random.nextInt(packed.length));
                case 2 -> gzip(packed);
                case 3 -> concatenated(packed, packed);
                case 4 -> concatenated(packed, gzip(new byte[random.nextInt(20_000_000)]));
                case 5 -> gzip(bytes(body().repeat(1 + random.nextInt(20_000_000) / (1 + body.length))));
                case 6 -> Arrays.copyOf(packed, packed.length + 1 + random.nextInt(100));
                case 7 -> body;
                case 8 ->
                    bytes(new String(gzip(new byte[0]), StandardCharsets.ISO_8859_1).repeat(random.nextInt(1_000)));
                default -> bytes(changeBytes(new String(packed, StandardCharsets.ISO_8859_1)));
            };
        }

        private void chunk() {
            int wrong = random.nextInt(9);
            StringBuilder chunks = new StringBuilder();
            String rest = body();
            while (!rest.isEmpty()) {
                int length = 1 + random.nextInt(rest.length());
                boolean isWrong = random.nextInt(3) == 0;
                String size = Integer.toHexString(length);
                if (wrong == 1) {
                    size += ";" + one(List.of("a=b", "a=\"b;c\"", "", "a".repeat(10_000)));
                } else if (wrong == 2 && isWrong) {
                    size = one(CHUNK_SIZES);
                } else if (wrong == 3 && isWrong) {
                    size = Integer.toHexString(Math.max(0, length + random.nextInt(-2, 3)));
                }
                String end = wrong == 4 && isWrong ? one(List.of("", "\n", "\r", "x\r\n")) : "\r\n";
                chunks.append(size).append("\r\n").append(rest, 0, length).append(end);
                rest = rest.substring(length);
            }
            if (wrong == 5) {
                request.isIncomplete = true;
            } else if (wrong == 6) {
                chunks.append("0\r\n").append(one(WHOLE_HEADERS)).append("\r\n\r\n");
            } else if (wrong == 7) {
                chunks.append("0\r\n")
                        .append("X: y\r\n".repeat(random.nextInt(2_000)))
                        .append("\r\n");
            } else {
                chunks.append("0\r\n\r\n");
            }
            if (wrong == 8) {
                request.headers.add("Content-Length: " + request.body.length);
            }
            request.frame("Transfer-Encoding: chunked", bytes(chunks.toString()));
            request.endsConnection |= wrong != 0;
        }

        private void changeBytesOnWire() {
            request.endsConnection = true;
            int change = random.nextInt(7);
            int place = random.nextInt(1 << 20);
            int other = random.nextInt(256);
            String version = one(VERSIONS);
            request.isIncomplete |= change == 0;
            request.onWire = bytes -> {
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                int headEnd = text.indexOf("\r\n\r\n");
                int index = place % Math.max(1, headEnd);
                return bytes(
                        switch (change) {
                            case 0 -> text.substring(0, place % text.length());
                            case 1 -> text.substring(0, index) + (char) other + text.substring(index + 1);
                            case 2 -> text.substring(0, index) + (char) other + text.substring(index);
                            case 3 -> text + text;
                            case 4 -> "\r\n".repeat(1 + other % 3) + text;
                            case 5 -> text.substring(0, headEnd).replace("\r\n", "\n") + text.substring(headEnd);
                            default -> text.replaceFirst("HTTP/1[.]1", version);
                        });
            };
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.ISO_8859_1);
    }

    /** Returns the bytes of a text in UTF-8 as characters. */
    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
