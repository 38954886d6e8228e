package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellsTests {

    @ParameterizedTest
    @CsvSource({"1, 0", "3, 0", "31, 0", "70000, 0", "3, 40000", "3, 30000", "31, 20000", "31, 700", "31, 10"})
    void cellsStandRowByRowWhateverWasForetold(int width, int foretold) {
        int rows = width > 1_000 ? 20 : 33_333;
        Cells cells = new Cells(width, Integer.MAX_VALUE, bytes -> {});
        float[] row = new float[width];
        for (int i = 0; i < rows; i++) {
            if (i == 700 && foretold > 0) {
                cells.expect(foretold);
            }
            row[0] = i;
            row[width - 1] = -i;
            cells.addRow(row);
        }
        float[] all = cells.toArray();
        assertThat(all.length).isGreaterThanOrEqualTo(rows * width);
        for (int i = 0; i < rows; i++) {
            assertThat(all[i * width]).isEqualTo(width == 1 ? -i : i);
            assertThat(all[i * width + width - 1]).isEqualTo(-i);
        }
    }

    @Test
    void memoryIsToldAndNoneIsTakenForMoreThanThereMayBe() {
        AtomicLong taken = new AtomicLong();
        Cells cells = new Cells(10, 1_000_000, taken::addAndGet);
        float[] row = new float[10];
        cells.addRow(row);
        long first = taken.get();

        cells.expect(200_000);
        assertThat(taken.get()).isEqualTo(first);
        cells.expect(100_000);
        assertThat(taken.get()).isEqualTo(4_000_000);
        for (int i = 1; i < 100_000; i++) {
            cells.addRow(row);
        }
        assertThat(cells.toArray()).hasSize(1_000_000);
        assertThat(taken.get()).isEqualTo(4_000_000);
        assertThatThrownBy(() -> cells.addRow(row)).isInstanceOf(TableException.class);
    }
}
