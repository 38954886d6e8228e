package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.OpenApiDocument.Operation;
import io.backprop.engine.KeepBest;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.ModelSpec;
import io.backprop.prediction.PermutationOptions;
import io.backprop.training.CrossValidation;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** Checks the OpenAPI document against the service, apart from its examples. */
class OpenApiDocumentTests extends ServiceTestBase {

    /** Fields that are either a number or a text, or a list or an object. */
    private static final Set<String> ANY_VALUES = Set.of("classWeights", "dropout", "inputs", "outputs");

    private OpenApiDocument document;

    @BeforeEach
    void readDocument() {
        document = new OpenApiDocument(json(get("/v3/api-docs"), 200));
    }

    @Test
    void describesEverySchemaAndField() {
        List<String> undescribed = new ArrayList<>();
        document.schemas().propertyStream().forEach(schema -> {
            if (!isDescribed(schema.getValue())) {
                undescribed.add(schema.getKey());
            }
            collectUndescribed(schema.getKey(), schema.getValue(), undescribed);
        });
        assertThat(undescribed).isEmpty();
    }

    private static void collectUndescribed(String name, JsonNode schema, List<String> undescribed) {
        schema.path("properties").propertyStream().forEach(property -> {
            String field = name + "." + property.getKey();
            if (!isDescribed(property.getValue())) {
                undescribed.add(field);
            }
            collectUndescribed(field, property.getValue(), undescribed);
        });
        for (String content : List.of("items", "additionalProperties")) {
            if (schema.has(content)) {
                collectUndescribed(name + "." + content, schema.path(content), undescribed);
            }
        }
    }

    /** Whether a description is one sentence without a period. */
    private static boolean isDescribed(JsonNode described) {
        String description = described.path("description").asString("");
        return !description.isBlank() && !description.contains(". ") && !description.endsWith(".");
    }

    @Test
    void describesEveryOperationParameterAndHeader() {
        List<String> undescribed = new ArrayList<>();
        for (Operation operation : operations()) {
            JsonNode description = operation.description();
            if (description.path("summary").asString("").isBlank()) {
                undescribed.add(operation.id());
            }
            for (JsonNode parameter : description.path("parameters")) {
                if (!isDescribed(parameter)) {
                    undescribed.add(operation.id() + "." + parameter.get("name").asString());
                }
            }
            description.path("responses").propertyStream().forEach(response -> {
                if (!isDescribed(response.getValue())) {
                    undescribed.add(operation.id() + ", " + response.getKey());
                }
                response.getValue().path("headers").propertyStream().forEach(header -> {
                    if (!isDescribed(header.getValue())) {
                        undescribed.add(operation.id() + ", " + header.getKey());
                    }
                });
            });
        }
        assertThat(undescribed).isEmpty();
    }

    @Test
    void describesETagsOfModels() {
        for (String response : List.of(
                "~1models/post/responses/201",
                "~1models~1{id}/get/responses/200",
                "~1models~1{id}/patch/responses/200",
                "~1models~1{id}~1parameters/put/responses/200",
                "~1models~1{id}~1versions~1{version}~1restore/post/responses/200")) {
            assertThat(json(get("/v3/api-docs"), 200)
                            .at("/paths/" + response + "/headers/ETag/schema/type")
                            .asString())
                    .as(response)
                    .isEqualTo("string");
        }
    }

    @Test
    void overlayDescribesWhatExists() throws IOException {
        JsonNode overlay;
        try (InputStream yaml = new ClassPathResource("openapi/overlay.yaml").getInputStream()) {
            overlay = mapper.valueToTree(new Yaml().load(yaml));
        }

        assertThat(overlay.path("schemas").propertyNames()).allSatisfy(name -> {
            JsonNode schema = document.schema(name);
            assertThat(schema.isMissingNode()).isFalse();
            schema.path("properties").propertyStream().forEach(property -> {
                boolean exists =
                        !Set.copyOf(property.getValue().propertyNames()).equals(Set.of("description"));
                assertThat(exists || ANY_VALUES.contains(property.getKey()))
                        .as(name + "." + property.getKey())
                        .isTrue();
            });
        });
        assertThat(operations().stream().map(Operation::template))
                .containsAll(overlay.path("paths").propertyNames());
        assertThat(operations().stream()
                        .flatMap(operation ->
                                operation.description().path("parameters").valueStream())
                        .map(parameter -> parameter.path("name").asString()))
                .containsAll(overlay.path("x-parameters").propertyNames());
    }

    @Test
    void documentsTheQueryParametersOfTables() {
        for (String id : List.of(
                "train",
                "crossValidate",
                "search",
                "predict",
                "predictDuringTraining",
                "evaluate",
                "measureImportance",
                "invoke")) {
            Operation operation = document.operation(id);
            List<String> documented = operation
                    .description()
                    .path("parameters")
                    .valueStream()
                    .filter(parameter -> parameter.path("in").asString().equals("query"))
                    .map(parameter -> parameter.path("name").asString())
                    .sorted()
                    .toList();
            HttpResponse<String> unknown = send(request(operation.path() + "?nonsense=1")
                    .header("Content-Type", "text/csv")
                    .POST(BodyPublishers.ofString("a,b\n1,2\n")));

            assertThat(json(unknown, 400).path("detail").asString())
                    .as(id)
                    .endsWith("known: " + String.join(", ", documented));
        }
    }

    /** From a default, generators conclude that a field is required, or send it. */
    @Test
    void onlyRequiredFieldsOfRequestsAreRequired() {
        assertThat(document.schemas().toString()).doesNotContain("\"default\":");
        for (String name : List.of(
                "CreateModelRequest",
                "TrainRequest",
                "CrossValidateRequest",
                "SearchRequest",
                "PredictRequest",
                "EvaluateRequest")) {
            assertThat(document.schema(name).path("required")).as(name).isEmpty();
        }
        assertThat(document.schema("HiddenLayer").path("required").toString()).isEqualTo("[\"units\"]");
        assertThat(document.schema("Model").path("required").toString()).contains("\"task\"", "\"trainedAt\"");
    }

    @Test
    void alternativesAreNamedAndHaveDiscriminators() {
        for (String name : List.of("Optimizer", "LearningRateSchedule", "Loss")) {
            JsonNode schema = document.schema(name);
            assertThat(schema.at("/discriminator/propertyName").asString()).isEqualTo("type");
            assertThat(schema.at("/discriminator/mapping").size())
                    .isEqualTo(schema.path("oneOf").size());
        }
        assertThat(document.schema("Model").at("/properties/optimizer/$ref").asString())
                .endsWith("/Optimizer");
        assertThat(document.schema("CreateModelRequest")
                        .at("/properties/optimizer/anyOf/0/$ref")
                        .asString())
                .endsWith("/OptimizerOrName");
    }

    /** Generated Java clients do not compile with others, and send an empty list for one that is referenced and absent. */
    @Test
    void alternativesAndReferencesAreNeitherListsNorMaps() {
        for (JsonNode schema : document.schemas()) {
            assertThat(schema.path("type").toString()).doesNotContain("array");
            assertThat(schema.has("additionalProperties")).isFalse();
            for (String alternatives : List.of("oneOf", "anyOf")) {
                for (JsonNode parent : schema.findParents(alternatives)) {
                    List<JsonNode> others = parent.path(alternatives)
                            .valueStream()
                            .filter(alternative ->
                                    !alternative.path("type").toString().equals("\"null\""))
                            .toList();
                    assertThat(others.size() == 1
                                    || others.stream()
                                            .noneMatch(alternative -> alternative.has("items")
                                                    || alternative.has("additionalProperties")))
                            .as(parent.toString())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void parametersWithNamesOfColumnsAreFieldsOfAnObject() {
        JsonNode columns = document.operation("train")
                .description()
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("name").asString().equals("columns.NAME"))
                .findFirst()
                .orElseThrow();

        assertThat(columns.path("style").asString()).isEqualTo("form");
        assertThat(columns.path("explode").asBoolean()).isTrue();
        assertThat(document.errors(columns.path("schema"), mapper.readTree("{\"columns.zip\": \"categorical\"}")))
                .isEmpty();
        assertThat(document.errors(columns.path("schema"), mapper.readTree("{\"zip\": \"categorical\"}")))
                .isNotEmpty();
    }

    @Test
    void everyErrorResponseIsAProblemOrAnErrorOfItsProtocol() {
        for (Operation operation : operations()) {
            boolean isProblem = !operation.template().matches("/v[12](/.*)?");
            operation.description().get("responses").propertyStream().forEach(response -> {
                if (!response.getKey().startsWith("2") && !response.getKey().equals("304")) {
                    assertThat(response.getValue().path("content").toString())
                            .as("%s, %s", operation.id(), response.getKey())
                            .isEqualTo("{\"application/%s\":{\"schema\":{\"$ref\":\"#/components/schemas/%s\"}}}"
                                    .formatted(
                                            isProblem ? "problem+json" : "json",
                                            isProblem ? "Problem" : "InferenceError"));
                }
            });
        }
    }

    private List<Operation> operations() {
        return document.operationIds().stream().map(document::operation).toList();
    }

    @Test
    void everyOperationCanBeUnavailable() {
        assertThat(operations())
                .filteredOn(operation -> operation.template().startsWith("/models"))
                .isNotEmpty()
                .allSatisfy(operation -> assertThat(operation.description().at("/responses/503"))
                        .as(operation.id())
                        .isNotEmpty());
    }

    @Test
    void historyAllowsNullForNumbersThatAreNotFinite() {
        String history = """
            {"epochs": [1, 2], "loss": [1.5, %s], "validationLoss": [2.5, null], "validationMetrics": {"r2": [null, 0.5]}}\
            """;

        assertThat(historyErrors(history.formatted("null"))).isEmpty();
        assertThat(historyErrors(history.formatted("\"NaN\""))).isNotEmpty();
    }

    @Test
    void metricsAndPredictionsAllowNullForNumbersThatAreNotFinite() {
        String id = create("""
            "hidden": [{"units": 4}], "seed": 1\
            """);
        train(
                id,
                "\"rows\": [{\"b\": 1e-45, \"y\": 1}, {\"b\": 2e-45, \"y\": 2}, {\"b\": 0, \"y\": 3}],"
                        + " \"target\": \"y\", \"epochs\": 1");
        String rows = """
            {"rows": [{"b": 3e38, "y": 1}, {"b": 2e38, "y": 2}]}\
            """;

        for (String operation : List.of("predict", "evaluate")) {
            JsonNode answer = json(post("/models/" + id + "/" + operation, rows), 200);
            JsonNode schema =
                    document.operation(operation).content("/responses/200").get("schema");
            assertThat(answer.toString()).as(operation).contains("null");
            assertThat(document.errors(schema, answer)).as(operation).isEmpty();
        }
    }

    @Test
    void featuresAreNumericOrCategorical() {
        assertThat(document.schema("Feature").at("/properties/type/enum").toString())
                .isEqualTo("[\"numeric\",\"categorical\"]");
    }

    private List<String> historyErrors(String history) {
        return document.errors(document.schema("History"), mapper.readTree(history));
    }

    @Test
    void defaultsOfOptimizersAreDocumented() {
        for (JsonNode member : document.schema("Optimizer").get("oneOf")) {
            assertDefaults("optimizer", document.schema(nameOf(member)), "");
        }
    }

    @Test
    void defaultsOfLossesAreDocumented() {
        for (JsonNode member : document.schema("Loss").get("oneOf")) {
            assertDefaults("loss", document.schema(nameOf(member)), "");
        }
    }

    @Test
    void defaultsOfSchedulesAreDocumented() {
        for (JsonNode member : document.schema("LearningRateSchedule").get("oneOf")) {
            JsonNode schema = document.schema(nameOf(member));
            String required = schema.path("properties").has("decaySteps") ? ", \"decaySteps\": 10" : "";
            boolean takesRate = schema.path("properties").has("decayRate");
            assertDefaults("learningRateSchedule", schema, required + (takesRate ? ", \"decayRate\": 0.5" : ""));
        }
    }

    private static String nameOf(JsonNode member) {
        String reference = member.get("$ref").asString();
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    private void assertDefaults(String field, JsonNode schema, String required) {
        String type = schema.at("/properties/type/const").asString();
        JsonNode answer = model(create("""
            "%s": {"type": "%s"%s}\
            """.formatted(field, type, required))).get(field);
        schema.get("properties").propertyStream().forEach(property -> {
            Optional<String> documented = documentedDefault(property.getValue());
            if (documented.isPresent()) {
                JsonNode actual = answer.get(property.getKey());
                assertThat(plain(actual.asString()))
                        .as("%s of %s", property.getKey(), type)
                        .isEqualTo(plain(documented.get()));
            }
        });
    }

    private static Optional<String> documentedDefault(JsonNode field) {
        Matcher matcher = Pattern.compile("; default (\\S+)$")
                .matcher(field.path("description").asString());
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String plain(String value) {
        return value.matches("[0-9.E-]+") ? Float.toString(Float.parseFloat(value)) : value;
    }

    private String documentedDefault(String schema, String field) {
        return documentedDefault(document.schema(schema).path("properties").path(field))
                .orElseThrow();
    }

    @Test
    void defaultsOfRequestsAreDocumented() {
        KeepBest stopping = KeepBest.stoppingEarly();

        assertThat(document.schema("TrainRequest")
                        .at("/properties/epochs/description")
                        .asString())
                .endsWith("absent: %d, with a preset %d"
                        .formatted(
                                TrainingPlan.DEFAULT_EPOCHS,
                                ModelSpec.Form.PRESET.plan().epochs()));
        assertThat(documentedDefault("CrossValidateRequest", "folds")).isEqualTo("" + CrossValidation.DEFAULT_FOLDS);
        assertThat(documentedDefault("ImportanceRequest", "repeats"))
                .isEqualTo("" + PermutationOptions.DEFAULT_REPEATS);
        assertThat(documentedDefault("EarlyStopping", "patience")).isEqualTo("" + stopping.patience());
        assertThat(documentedDefault("EarlyStopping", "minDelta")).isEqualTo("" + stopping.minDelta());
        assertThat(documentedDefault("EarlyStopping", "monitor"))
                .isEqualTo(stopping.monitor().name().toLowerCase(Locale.ROOT));
        assertThat(documentedDefault("CreateModelRequest", "layerCount"))
                .isEqualTo("" + model(create("")).get("layers").size());
    }
}
