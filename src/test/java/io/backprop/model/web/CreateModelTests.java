package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CreateModelTests extends ServiceTestBase {

    @Test
    void returnsTheDocumentedRepresentation() {
        String id = newId();
        HttpResponse<String> response = post("/models", """
            {"id": "%s", "layerCount": 2, "hiddenUnits": [4], "inputs": 2, "outputs": 1, "learningRate": 0.5,
             "seed": 42}\
            """.formatted(id));

        JsonNode model = json(response, 201);
        assertThat(header(response, "Location")).isEqualTo("/models/" + id);
        assertThat(header(response, "ETag")).matches("\"[^\"]+\"");
        String createdAt = model.path("createdAt").asString();
        assertThat(Instant.parse(createdAt)).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(model).isEqualTo(mapper.readTree("""
            {"id": "%s", "state": "created", "version": 0, "task": null, "inputs": 2, "outputs": 1,
             "layers": [{"units": 4, "activation": "sigmoid", "dropout": 0.0, "parameters": 12},
                        {"units": 1, "activation": "sigmoid", "dropout": 0.0, "parameters": 5}],
             "parameters": 17, "loss": "mean_squared_error", "labelSmoothing": 0.0, "learningRate": 0.5,
             "learningRateSchedule": {"type": "constant"},
             "optimizer": {"type": "sgd", "momentum": 0.0, "nesterov": false}, "initializer": "uniform",
             "frontScale": 0.0, "l1": 0.0, "l2": 0.0, "globalClipNorm": null, "batchSize": 1, "shuffle": false, "dropRemainder": false, "keepBest": null, "seed": 42,
             "classes": null, "standardize": false, "scaling": "standard",
             "ensemble": {"size": 1, "by": "seed"}, "calibrate": false, "temperature": 1.0, "epochs": 0, "trainingMetrics": null, "validationMetrics": null, "description": null, "tags": {},
             "warnings": %s, "createdAt": "%s", "trainedAt": null}
            """.formatted(id, model.path("warnings"), createdAt)));
        assertThat(model(id)).isEqualTo(model);
    }

    @Test
    void warnsOfTheArticlesNetwork() {
        JsonNode given = model(create("\"hiddenUnits\": [64, 32], \"layerCount\": 3"));
        assertThat(given.path("warnings").valueStream().map(JsonNode::asString)).containsExactly("""
            this is the network of the article: sigmoid layers, weights drawn from [0, 1), plain gradient descent, \
            one example at a time, in the order given, rows of numbers not standardized; for relu, he_normal, adam, \
            shuffled batches of 32 and standardized numbers, create a model with "hidden": [64, 32] in place of \
            hiddenUnits\
            """);

        assertThat(model(create("\"hidden\": [64, 32]")).path("warnings").isEmpty())
                .isTrue();
        assertThat(model(create("\"layerCount\": 3")).path("warnings").isEmpty())
                .isTrue();
        JsonNode explicit = model(create("""
            "hiddenUnits": [4], "activation": "tanh", "initializer": "normal", "optimizer": "adam", "batchSize": 8,
            "shuffle": true, "standardize": false\
            """));
        assertThat(explicit.path("warnings").isEmpty()).isTrue();
    }

    @Test
    void keepsDescriptionAndTags() {
        String id = create("\"description\": \"for the \\u00e4rzte\", \"tags\": {\"team\": \"a b\", \"\u00fc\": \"\"}");

        JsonNode model = model(id);
        assertThat(model.path("description").asString()).isEqualTo("for the \u00e4rzte");
        assertThat(model.path("tags").toString()).isEqualTo("{\"team\":\"a b\",\"\u00fc\":\"\"}");
        train(id, XOR);
        assertThat(model(id).path("tags")).isEqualTo(model.path("tags"));
    }

    @Test
    void createsClassicNetworkByDefault() {
        HttpResponse<String> response = post("/models", "{}");
        JsonNode model = json(response, 201);
        assertThat(header(response, "Location"))
                .isEqualTo("/models/" + model.path("id").asString());
        assertThat(model.path("id").asString()).matches("[a-z0-9][a-z0-9._-]{0,63}");
        assertThat(model.path("layers").size()).isEqualTo(2);
        assertThat(model.at("/layers/0/units").asInt()).isBetween(2, 10);
        assertThat(model.at("/layers/1/units").isNull()).isTrue();
        assertThat(model.at("/layers/1/activation").asString()).isEqualTo("sigmoid");
        assertThat(model.path("learningRate").asDouble()).isEqualTo(0.06);
        assertThat(model.path("loss").asString()).isEqualTo("mean_squared_error");
        assertThat(model.path("initializer").asString()).isEqualTo("uniform");
        assertThat(model.path("batchSize").asInt()).isEqualTo(1);
        assertThat(model.path("shuffle").asBoolean()).isFalse();
        assertThat(model.path("inputs").isNull()).isTrue();
        assertThat(model.path("outputs").isNull()).isTrue();
        assertThat(model.path("parameters").isNull()).isTrue();
    }

    @Test
    void drawsWidthsFromTwoToTenByTheSeed() {
        Set<Integer> widths = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            String fields = "\"layerCount\": 6, \"seed\": " + seed;
            JsonNode layers = model(create(fields)).path("layers");
            assertThat(layers.size()).isEqualTo(6);
            assertThat(model(create(fields)).path("layers")).isEqualTo(layers);
            for (int layer = 0; layer < 5; layer++) {
                widths.add(layers.path(layer).path("units").asInt());
            }
        }
        assertThat(widths).containsExactlyInAnyOrder(2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void randomSeedIsReturnedAndReproducesTheModel() {
        JsonNode model = model(create("\"inputs\": 3, \"outputs\": 2"));
        JsonNode again = model(create(
                "\"inputs\": 3, \"outputs\": 2, \"seed\": " + model.path("seed").asLong()));

        assertThat(again.path("layers")).isEqualTo(model.path("layers"));
        assertThat(get("/models/" + again.path("id").asString() + "/parameters").body())
                .isEqualTo(get("/models/" + model.path("id").asString() + "/parameters")
                        .body());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 9007199254740993L, Long.MAX_VALUE})
    void acceptsAnyLongAsSeed(long seed) {
        assertThat(model(create("\"seed\": " + seed)).path("seed").asLong()).isEqualTo(seed);
    }

    @Test
    void hiddenLayersHaveModernDefaults() {
        JsonNode model = model(create("""
            "hidden": [{"units": 64, "dropout": 0.2}, {"units": 32, "activation": "tanh"}], "inputs": 4\
            """));

        assertThat(model.at("/layers/0/activation").asString()).isEqualTo("relu");
        assertThat(model.at("/layers/0/dropout").asDouble()).isEqualTo(0.2);
        assertThat(model.at("/layers/1/activation").asString()).isEqualTo("tanh");
        assertThat(model.at("/layers/1/dropout").asDouble()).isZero();
        assertThat(model.path("layers").size()).isEqualTo(3);
        assertThat(model.path("optimizer")).isEqualTo(mapper.readTree("""
            {"type": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1.0E-7}\
            """));
        assertThat(model.path("learningRate").asDouble()).isEqualTo(0.001);
        assertThat(model.path("batchSize").asInt()).isEqualTo(32);
        assertThat(model.path("shuffle").asBoolean()).isTrue();
        assertThat(model.path("loss").isNull()).isTrue();
        assertThat(model.path("task").isNull()).isTrue();
    }

    @Test
    void acceptsNumbersOfUnitsAsHiddenLayers() {
        JsonNode shorthand = model(create("\"hidden\": [64, {\"units\": 32, \"dropout\": 0.5}, 8], \"inputs\": 4"));
        JsonNode written = model(create("""
            "hidden": [{"units": 64}, {"units": 32, "dropout": 0.5}, {"units": 8}], "inputs": 4\
            """));

        assertThat(shorthand.path("layers")).isEqualTo(written.path("layers"));
        assertThat(shorthand.path("optimizer")).isEqualTo(written.path("optimizer"));
    }

    @Test
    void hiddenLayersStartWithZeroBiases() {
        String id = create("\"hidden\": [{\"units\": 3}], \"inputs\": 2, \"outputs\": 1, \"task\": \"regression\"");

        JsonNode parameters = json(get("/models/" + id + "/parameters"), 200);
        assertThat(parameters.at("/layers/0/biases").toString()).isEqualTo("[0.0,0.0,0.0]");
        assertThat(parameters.at("/layers/1/biases").toString()).isEqualTo("[0.0]");
    }

    @Test
    void uniformInitializerDrawsParametersBelowOne() {
        String id = create("""
            "inputs": 3, "outputs": 2, "layerCount": 4\
            """);

        for (JsonNode layer : json(get("/models/" + id + "/parameters"), 200).path("layers")) {
            assertThat(layer.findValues("biases")).isNotEmpty();
            layer.path("biases").forEach(bias -> assertThat(bias.asDouble()).isBetween(0.0, 1.0));
            layer.path("weights")
                    .forEach(row ->
                            row.forEach(weight -> assertThat(weight.asDouble()).isBetween(0.0, 1.0)));
        }
    }

    @Test
    void labelsDetermineTheOutputs() {
        JsonNode two = model(create("""
            "hidden": [], "classes": ["no", "yes"]\
            """));
        assertThat(two.path("outputs").asInt()).isEqualTo(1);
        assertThat(two.path("classes").toString()).isEqualTo("[\"no\",\"yes\"]");
        assertThat(two.path("task").asString()).isEqualTo("classification");
        JsonNode softmax = model(create("\"classes\": [\"no\", \"yes\"], \"outputActivation\": \"softmax\""));
        assertThat(softmax.path("outputs").asInt()).isEqualTo(2);
        JsonNode three = model(create("""
            "classes": ["a", "b", "c"]\
            """));
        assertThat(three.path("outputs").asInt()).isEqualTo(3);
    }

    @Test
    void rejectsIdInUse() {
        String id = create("");

        JsonNode problem = problem(post("/models", "{\"id\": \"" + id + "\"}"), 409, "model-exists");
        assertThat(problem.path("detail").asString()).contains("\"" + id + "\"");
    }
}
