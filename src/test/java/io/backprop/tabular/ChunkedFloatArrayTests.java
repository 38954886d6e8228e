package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedFloatArrayTests {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 64, 65, 1_000, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, 1 << 18, 1_000_003})
    void returnsTheValuesAdded(int count) {
        ChunkedFloatArray floats = new ChunkedFloatArray();
        float[] expected = new float[count];
        for (int i = 0; i < count; i++) {
            expected[i] = i * 0.5f;
            floats.add(expected[i]);
        }

        assertThat(floats.size()).isEqualTo(count);
        assertThat(floats.toArray()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "3, 0", "31, 0", "70000, 0", "3, 40000", "3, 30000", "31, 20000", "31, 700", "31, 10"})
    void keepsRowsWhateverIsReserved(int width, int reservedRows) {
        int rows = width > 1_000 ? 20 : 33_333;
        ChunkedFloatArray cells = new ChunkedFloatArray();
        float[] row = new float[width];
        for (int i = 0; i < rows; i++) {
            if (i == 700) {
                cells.reserve(reservedRows * width);
            }
            row[0] = i;
            row[width - 1] = -i;
            cells.addAll(row);
        }
        cells.set(5 * width, -7);
        cells.set((rows - 1) * width, -9);

        assertThat(cells.get(5 * width)).isEqualTo(-7);
        assertThat(cells.get((rows - 2) * width + width - 1)).isEqualTo(2 - rows);
        float[] all = cells.toArray();
        for (int i = 0; i < rows; i++) {
            float first = i == 5 ? -7 : i == rows - 1 ? -9 : width == 1 ? -i : i;
            assertThat(all[i * width]).isEqualTo(first);
            assertThat(all[i * width + width - 1]).isEqualTo(width == 1 ? first : -i);
        }
    }

    @Test
    void reportsMemoryBeforeItIsAllocatedAndAfterItIsFree() {
        AtomicLong allocated = new AtomicLong();
        AtomicLong peak = new AtomicLong();
        ChunkedFloatArray floats = new ChunkedFloatArray(bytes -> report(bytes, allocated, peak));
        for (int i = 0; i < 1_000_000; i++) {
            floats.add(i);
        }

        assertThat(allocated.get()).isBetween(4_000_000L, 4_000_000L + (4 << 16));
        assertThat(peak).hasValue(allocated.get());
        floats.toArray();
        assertThat(allocated.get()).isLessThan(4_000_000L + (4 << 16));
        assertThat(peak.get()).isBetween(8_000_000L, 8_000_000L + (4 << 16));
    }

    @Test
    void doesNotCopyReservedMemory() {
        AtomicLong allocated = new AtomicLong();
        AtomicLong peak = new AtomicLong();
        ChunkedFloatArray floats = new ChunkedFloatArray(bytes -> report(bytes, allocated, peak));
        floats.reserve(1_000_000);
        for (int i = 0; i < 1_000_000; i++) {
            floats.add(i);
        }

        assertThat(floats.toArray()).hasSize(1_000_000);
        assertThat(peak).hasValue(4_000_000);
    }

    private static void report(long bytes, AtomicLong allocated, AtomicLong peak) {
        peak.accumulateAndGet(allocated.addAndGet(bytes), Math::max);
    }
}
