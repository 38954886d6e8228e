package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

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
}
