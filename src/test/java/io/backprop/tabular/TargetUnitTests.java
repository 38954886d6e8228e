package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetUnitTests {

    @ParameterizedTest
    @CsvSource({
        "DATE, 0, 1970-01-01",
        "DATE, 19782.4, 2024-02-29",
        "DATE, -0.6, 1969-12-31",
        "DATE_TIME, 19782.5, 2024-02-29T12:00:00Z",
        "DATE_TIME, -0.25, 1969-12-31T18:00:00Z",
        "DATE, NaN,",
        "DATE, 3e38,",
        "DATE_TIME, 3e38,",
        "DATE_TIME, -Infinity,",
    })
    void writesIso8601(TargetUnit unit, float days, String expected) {
        assertThat(unit.toIso8601(days)).isEqualTo(expected);
    }

    @Test
    void writesWhatIsRead() {
        CellParser cells = new CellParser(CellRules.DEFAULT);
        for (String text : new String[] {"2024-02-29", "1492-10-12"}) {
            assertThat(TargetUnit.DATE.toIso8601(cells.parse(CellType.DATE, text)))
                    .isEqualTo(text);
        }
    }
}
