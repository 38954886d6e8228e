package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * Sends requests in which something is wrong to a service with a small heap. The system property {@code test.mutations} sets
 * how many; if it is set, the heap that remains in use must not grow. {@code test.seed} selects others.
 */
@Execution(ExecutionMode.CONCURRENT)
class MutationTests extends HttpTestBase {

    /** What the log must not contain. */
    private static final Pattern UNEXPECTED = Pattern.compile(" ERROR | WARN |\\tat |OutOfMemory");

    /** On a busy machine, requests may wait too long for the only connection that writes. They are answered with 503. */
    private static final String BUSY = "The database is unavailable";

    private static final String PROPERTY = "test.mutations";
    private static final int COUNT = Integer.getInteger(PROPERTY, 400);
    private static final boolean MEASURED = System.getProperty(PROPERTY) != null;
    private static final long SEED = Long.getLong("test.seed", 20_260_101);
    private static final int ROUND = 200; // requests, after which models and trainings are replaced
    private static final int MAX_WARM_UP = 5_000; // requests until the heap is measured for the first time
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final int CLIENTS = 4;
    private static final double MAX_GROWTH = 0.05;

    /** A transfer encoding or version of HTTP that the server does not have, an exhausted budget, a quota. */
    private static final Set<Integer> ALLOWED_ERRORS = Set.of(501, 503, 505, 507);

    private static final String[] LEAKS = {
        "Exception", "jackson", "java.", "io.backprop", "unexpected", "failed unexpectedly"
    };

    private final Map<String, Integer> answers = new ConcurrentSkipListMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private String authorization = "";
    private final AtomicInteger next = new AtomicInteger();

    @Test
    void noMutationCausesAServerError() throws Exception {
        sendMutations(COUNT);
    }

    @Test
    void noMutationCausesAServerErrorWhereKeysAreNeeded() throws Exception {
        authorization = "Bearer " + SECRET;
        sendMutations(
                COUNT / 4,
                "-Dbackprop.security.mode=keys",
                "-Dbackprop.api.keys=tests:admin:" + SECRET,
                "-Dbackprop.rates.address=0",
                "-Dbackprop.rates.key=0");
    }

    private void sendMutations(int count, String... settings) throws Exception {
        List<String> options = new ArrayList<>(MEASURED ? ServiceJar.PRODUCTION_OPTIONS : List.of());
        options.addAll(List.of(
                "-Xmx256m",
                "-Dbackprop.limits.time=50ms",
                "-Dbackprop.limits.parameters=100000",
                "-Dbackprop.limits.prediction-flops=1e9",
                "-Dbackprop.limits.stream=8MB",
                "-Dbackprop.training.workers=2",
                "-Dlogging.level.io.backprop.training=warn"));
        options.addAll(List.of(settings));
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        long heap = 0;
        try (ChildService service = ChildService.start(options.toArray(new String[0]));
                ServiceMonitor monitor = new ServiceMonitor(service)) {
            port = service.port();
            RequestMutator mutator =
                    new RequestMutator(new OpenApiDocument(json(get("/v3/api-docs"), 200)), authorization);
            int log = service.output().length();
            int warmUp = Math.min(MAX_WARM_UP, count / 4);
            for (int sent = 0; sent < count; sent += ROUND) {
                replaceModels();
                if (sent >= warmUp && heap == 0) {
                    heap = monitor.heapAfterCollection();
                }
                sendAll(mutator, Math.min(count, sent + ROUND), clients);
                String output = service.output().substring(log);
                assertThat(failures)
                        .as(output.substring(Math.max(0, output.length() - 10_000)))
                        .isEmpty();
                assertThat(predict("known", "[[1, 10]]").path("predictions").toString())
                        .isEqualTo("[[32.5]]");
                assertThat(output.lines().filter(line -> !line.contains(BUSY))).noneMatch(UNEXPECTED.asPredicate());
            }
            replaceModels();
            if (MEASURED) {
                long end = monitor.heapAfterCollection();
                System.out.printf(
                        "%d mutations with seed %d; heap after collection %.1f MB, then %.1f MB; %d threads, %d descriptors; %s%n",
                        count, SEED, heap / 1e6, end / 1e6, monitor.threads(), monitor.descriptors(), answers);
                assertThat((double) end).isLessThan((1 + MAX_GROWTH) * heap);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Override
    protected HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = super.request(path);
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    /** Deletes all models with their trainings and creates those that the requests are for. */
    private void replaceModels() {
        for (JsonNode model : json(get("/models?limit=1000"), 200).path("models")) {
            delete("/models/" + model.path("id").asString());
        }
        create("known", "\"hidden\": [], \"task\": \"regression\"");
        assertThat(put("/models/known/parameters", """
                {"layers": [{"weights": [[2, 3]], "biases": [0.5]}]}""").statusCode()).isEqualTo(200);
        create("xor", "\"layerCount\": 2, \"hiddenUnits\": [4]");
        train("xor", "application/json", "{\"inputs\": [[0,0],[0,1],[1,0],[1,1]], \"targets\": [0,1,1,0]}");
        create("numbers", "");
        train("numbers", "application/json", "{\"inputs\": [[0,1],[1,0]], \"targets\": [0,1]}");
        create("classes", "\"hidden\": [4], \"classes\": [\"a\", \"b\", \"c\"]");
        train("classes", "application/json", "{\"inputs\": [[0,1],[1,0]], \"targets\": [\"a\", \"b\"]}");
        create("table", "\"hidden\": [4]");
        train("table", "text/csv", "a,b,y\n1.5,x,no\n,z,yes\n-2e3,x,no\n");
        create("iris", "\"hidden\": [4]");
        train("iris", "text/csv", """
                sepal_length,sepal_width,petal_length,petal_width,species
                5.1,3.5,1.4,0.2,setosa
                7.0,3.2,4.7,1.4,versicolor
                """);
    }

    private void create(String id, String fields) {
        String more = fields.isEmpty() ? "" : ", " + fields;
        json(post("/models", "{\"id\": \"%s\", \"seed\": 1%s}".formatted(id, more)), 201);
    }

    private void train(String id, String type, String body) {
        String query = type.equals("text/csv")
                ? "?target=" + body.substring(0, body.indexOf('\n')).replaceFirst(".*,", "")
                : "";
        json(
                send(request("/models/" + id + "/train" + query)
                        .header("Content-Type", type)
                        .header("Prefer", "wait=60")
                        .POST(BodyPublishers.ofString(body))),
                200);
    }

    private JsonNode predict(String id, String inputs) {
        return json(post("/models/" + id + "/predict", "{\"inputs\": " + inputs + "}"), 200);
    }

    private void sendAll(RequestMutator mutator, int end, ExecutorService clients) {
        List<Future<?>> running = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            running.add(clients.submit(() -> {
                send(mutator, end);
                return null;
            }));
        }
        running.forEach(Await::result);
    }

    /** Sends requests over one connection while that is possible. */
    private void send(RequestMutator mutator, int end) throws IOException {
        RawConnection connection = null;
        for (int index = next.getAndIncrement(); index < end; index = next.getAndIncrement()) {
            RawRequest request = mutator.draw(new Random(SEED + index));
            if (connection == null || !connection.isUsable()) {
                close(connection);
                connection = new RawConnection(port);
            }
            byte[] bytes = request.toBytes();
            try {
                boolean isHead = request.method.equals("HEAD");
                check(
                        request,
                        request.endsConnection
                                ? connection.exchangeAndEnd(bytes, isHead)
                                : connection.exchange(bytes, isHead));
            } catch (RuntimeException | AssertionError e) {
                failures.add("request %d with seed %d: %s%n%s".formatted(index, SEED, e.getMessage(), describe(bytes)));
            }
        }
        next.decrementAndGet();
        close(connection);
    }

    private static void close(@Nullable RawConnection connection) throws IOException {
        if (connection != null) {
            connection.close();
        }
    }

    private void check(RawRequest request, List<RawConnection.Response> responses) {
        if (responses.isEmpty()) {
            answers.merge("none", 1, Integer::sum);
            assertThat(request.isIncomplete).as("may remain without a response").isTrue();
        }
        for (RawConnection.Response response : responses) {
            answers.merge(Integer.toString(response.status()), 1, Integer::sum);
            assertThat(response.status() < 500 || ALLOWED_ERRORS.contains(response.status()))
                    .as(response.toString())
                    .isTrue();
            if (!response.isComplete()) {
                answers.merge("incomplete", 1, Integer::sum);
                assertThat(request.endsConnection).as(response.toString()).isTrue();
                continue;
            }
            boolean isHealth = request.path.startsWith("/actuator/health/"); // without a body if the group is unknown
            if (response.status() >= 400
                    && !request.method.equals("HEAD")
                    && !(isHealth && response.body().isEmpty())) {
                assertThat(response.body()).doesNotContain(LEAKS);
                checkError(request, response);
            }
        }
    }

    private void checkError(RawRequest request, RawConnection.Response response) {
        JsonNode body = mapper.readTree(response.body());
        String type = response.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (body.has("error")) { // of an inference protocol; the mutation of a path may have another form
            assertThat(request.path).as(response.toString()).matches("(?s).*/v[12].*");
            assertThat(type).as(response.toString()).startsWith("application/json");
        } else {
            assertThat(type).as(response.toString()).startsWith("application/problem+json");
            assertThat(body.path("status").asInt()).isEqualTo(response.status());
        }
    }

    private static String describe(byte[] request) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(request.length, 5_000); i++) {
            char next = (char) (request[i] & 0xff);
            text.append(next == '\n' || (next >= ' ' && next < 127) ? next : "\\x%02x".formatted((int) next));
        }
        return text.toString();
    }
}
