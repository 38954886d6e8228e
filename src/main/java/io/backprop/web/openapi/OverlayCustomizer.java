package io.backprop.web.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.core.util.Json31;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.Yaml;

/** Merges the resource {@code openapi/overlay.yaml} into the document (OpenApiDocumentTests, OpenApiExampleTests). */
final class OverlayCustomizer {

    private static final String ANY_VALUE = "x-any";

    private OverlayCustomizer() {}

    static void customize(JsonDocument document) {
        JsonNode overlay = read();
        document.schemas().setAll((ObjectNode) overlay.path("x-schemas"));
        mergeIntoExisting(document.paths(), overlay.path("paths"));
        mergeIntoExisting(document.schemas(), overlay.path("schemas"));
        document.schemas().findParents(ANY_VALUE).forEach(schema -> ((ObjectNode) schema).remove(ANY_VALUE));
        document.schemas().forEach(schema -> schema.path("properties").forEach(OverlayCustomizer::describeDefault));
        for (ObjectNode operation : document.operations()) {
            for (JsonNode parameter : operation.path("parameters")) {
                if (overlay.path("x-parameters").get(parameter.path("name").asText())
                        instanceof ObjectNode description) {
                    ((ObjectNode) parameter).setAll(description);
                    if (!parameter.path("required").asBoolean()) {
                        ((ObjectNode) parameter).remove("example"); // Swagger UI would send it
                    }
                }
            }
        }
    }

    /**
     * Moves the default of a field into its description. From a default, openapi-typescript concludes that the field is
     * required, and openapi-generator's clients send it, also where it excludes other fields.
     */
    private static void describeDefault(JsonNode field) {
        if (field.has("default")) {
            JsonNode value = ((ObjectNode) field).remove("default");
            ((ObjectNode) field).put("description", field.path("description").asText() + "; default " + value.asText());
        }
    }

    private static JsonNode read() {
        try (InputStream yaml = new ClassPathResource("openapi/overlay.yaml").getInputStream()) {
            return Json31.mapper().valueToTree(new Yaml().load(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void mergeIntoExisting(ObjectNode into, JsonNode overlay) {
        into.properties().forEach(entry -> merge((ObjectNode) entry.getValue(), overlay.path(entry.getKey())));
    }

    private static void merge(ObjectNode into, JsonNode overlay) {
        overlay.properties().forEach(entry -> {
            JsonNode present = into.get(entry.getKey());
            boolean replaces = entry.getKey().equals("schema")
                    || entry.getValue().has("oneOf")
                    || entry.getValue().has("anyOf")
                    || entry.getValue().has(ANY_VALUE);
            if (present instanceof ObjectNode object && entry.getValue().isObject() && !replaces) {
                merge(object, entry.getValue());
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        });
    }
}
