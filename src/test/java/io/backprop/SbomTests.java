package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The list of the libraries in the jar, which Maven writes unless it is offline. */
class SbomTests extends ServiceTestBase {

    @Test
    void eachLibraryHasALicense() {
        Requirement.met("sbom", getClass().getResource("/META-INF/sbom/application.cdx.json") != null);

        JsonNode sbom = json(get("/actuator/sbom/application"), 200);

        assertThat(sbom.path("components").values())
                .hasSizeGreaterThan(50)
                .allSatisfy(library -> assertThat(library.path("licenses").size())
                        .as(library.path("purl").asString())
                        .isPositive());
        assertThat(sbom.has("serialNumber")).isFalse(); // a build can be reproduced
    }
}
