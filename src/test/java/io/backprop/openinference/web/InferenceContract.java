package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The published OpenAPI document of the protocol. Tests that need it are skipped where there is no copy of it. */
final class InferenceContract {

    private static final Path FILE = Path.of("../shared/contracts/open_inference_rest.yaml");
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);

    private final JsonNode components;

    private InferenceContract(JsonNode components) {
        this.components = components;
    }

    static InferenceContract read() {
        Assumptions.assumeTrue(Files.exists(FILE), FILE + " is missing");
        try (InputStream yaml = Files.newInputStream(FILE)) {
            JsonNode document = new JsonMapper().valueToTree(new Yaml().load(yaml));
            return new InferenceContract(document.path("components"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks a body against a schema of the document, such as {@code metadata_model_response}. */
    void assertValid(String schema, JsonNode body) {
        ObjectNode whole = (ObjectNode) components.path("schemas").path(schema).deepCopy();
        whole.set("components", components);
        assertThat(SCHEMAS.getSchema(whole).validate(body))
                .extracting(Error::toString)
                .as(schema + ": " + body)
                .isEmpty();
    }
}
