package io.backprop.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class SimdTilesTests {

    @Test
    void committedSourceIsTheGeneratedOne() throws IOException {
        assertThat(Files.readString(SimdTilesGenerator.FILE)).isEqualTo(SimdTilesGenerator.generate());
    }
}
