package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.SmallDisk;
import io.backprop.TestProperties;
import io.backprop.limits.QuotaExceededException;
import io.backprop.limits.RequestLimits;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpoolTests {

    private static final int BLOCK = 1 << 19;

    @Test
    void readmeListsTheDefaults() {
        TestProperties.assertReadmeListsDefaults(SpoolProperties.class);
    }

    @Test
    void rejectsTooSmallValues() {
        assertThatThrownBy(() -> properties(Map.of("backprop.spool.size", "0")))
                .rootCause()
                .hasMessage("backprop.spool.size must be at least 1 byte, but was 0B");
        assertThatThrownBy(() -> properties(Map.of("backprop.spool.free", "-1")))
                .rootCause()
                .hasMessage("backprop.spool.free must be at least 0, but was -1B");
    }

    @Test
    void leavesSpaceOnTheDisk() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(32)) {
            Spool spool = spool(disk, "4MB"); // more than a tenth of the disk
            long kept = (32 << 20) / 10;

            for (int i = 0; i < 2; i++) {
                try (SpooledOutputStream first = spool.open();
                        SpooledOutputStream second = spool.open()) {
                    fill(first, 10 << 20);
                    assertThatThrownBy(() -> fill(second, 32 << 20))
                            .isInstanceOf(QuotaExceededException.class)
                            .hasMessageContaining("must leave %d bytes of the disk free (backprop.spool.free)", kept);
                    assertThat(second.length()).isGreaterThan(16 << 20);
                    assertThat(disk.folder().toFile().getUsableSpace()).isGreaterThanOrEqualTo(kept);
                }
            }
        }
    }

    private static void fill(SpooledOutputStream out, int bytes) {
        for (int i = 0; i < bytes; i += BLOCK) {
            out.write(new byte[BLOCK], 0, BLOCK);
        }
    }

    private static Spool spool(SmallDisk disk, String free) {
        RequestLimits limits = TestProperties.bind(RequestLimits.class, Map.of());
        return new Spool(
                properties(Map.of("backprop.spool.folder", disk.folder().toString(), "backprop.spool.free", free)),
                limits);
    }

    private static SpoolProperties properties(Map<String, String> properties) {
        return TestProperties.bind(SpoolProperties.class, properties);
    }
}
