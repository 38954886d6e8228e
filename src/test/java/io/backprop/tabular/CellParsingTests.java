package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellParsingTests {

    private static final CellParser CELLS = new CellParser(CellRules.DEFAULT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+1",
                "1.",
                ".5",
                "-.5",
                "007",
                "1e5",
                "1E+05",
                "-1.5e-3",
                "123456789012345",
                "0.12345678901234",
                "1234567890123456",
                "0.1234567890123456789",
                "9007199254740993",
                "3.4028235e38",
                "1e-50",
                "16777217",
                "0.000000000000000000000000000000000000001",
                "5e-324",
                "1.17549435E-38",
                "000000000000000000000000001.5"
            })
    void parsesNumbersLikeTheJdk(String text) {
        assertThat(number(text)).isEqualTo((float) Double.parseDouble(text));
    }

    @Test
    void parsesRandomNumbersLikeTheJdk() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
            int digits = 1 + random.nextInt(20);
            int point = random.nextInt(25);
            for (int digit = 0; digit < digits; digit++) {
                text.append(digit == point ? "." : "").append(random.nextInt(10));
            }
            text.append(random.nextInt(4) == 0 ? "e" + (random.nextInt(70) - 40) : "");
            float expected = (float) Double.parseDouble(text.toString());
            assertThat(number(text.toString()))
                    .as("%s", text)
                    .isEqualTo(Float.isInfinite(expected) ? (Float) Float.NaN : (Float) expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#N/A",
                "#N/A N/A",
                "#NA",
                "-1.#IND",
                "-1.#QNAN",
                "-NaN",
                "-nan",
                "1.#IND",
                "1.#QNAN",
                "<NA>",
                "N/A",
                "NA",
                "NULL",
                "NaN",
                "None",
                "n/a",
                "nan",
                "null"
            })
    void recognizesMissingValues(String text) {
        assertThat(CELLS.isMissing(text.toCharArray(), 0, text.length())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"na", "N/a", "none", "Nan", "-", ".", "0", "?", "1", "-1.#", "nul", "nullo", "#N/A N/A N/A"})
    void doesNotTakeOtherStringsForMissingValues(String text) {
        assertThat(CELLS.isMissing(text.toCharArray(), 0, text.length())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01, 1970-01-01T00:00Z",
        "2024-02-29, 2024-02-29T00:00Z",
        "2024-02-29T18:00, 2024-02-29T18:00Z",
        "2024-02-29 18:00:30, 2024-02-29T18:00:30Z",
        "2024-02-29T18:00:30.25Z, 2024-02-29T18:00:30.25Z",
        "2024-02-29T18:00:30+02:00, 2024-02-29T18:00:30+02:00",
        "2024-02-29T18:00-0330, 2024-02-29T18:00-03:30",
        "2024-02-29T18:00+09, 2024-02-29T18:00+09:00",
        "2024-02-29t18:00z, 2024-02-29T18:00Z",
        "'2024-02-29T18:00:30,123456789Z', 2024-02-29T18:00:30.123456789Z",
        "1492-10-12, 1492-10-12T00:00Z",
    })
    void parsesDatesAsDaysSince1970(String text, OffsetDateTime expected) {
        double days = (expected.toEpochSecond() + expected.getNano() / 1e9) / 86_400;
        assertThat(date(text)).isEqualTo((float) days);
    }

    @Test
    void parsesAnyDay() {
        for (long day = -200_000; day < 200_000; day += 97) {
            assertThat(date(LocalDate.ofEpochDay(day).toString())).isEqualTo((float) day);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2023-02-29",
                "2024-13-01",
                "2024-00-10",
                "2024-1-1",
                "24-01-01",
                "2024-01-01T",
                "2024-01-01T25:00",
                "2024-01-01T10",
                "2024-01-01T10:00:61",
                "2024-01-01T10:00:00.",
                "2024-01-01T10:00+",
                "2024-01-01x10:00",
                "2024-01-01T10:00Z0",
                "20240101",
                "2024/01/01",
                "01.02.2024",
                "2024-01-01T10:00:00+25:00",
                "2024-01-01T24:00",
                "2024-01-0110:00",
                "2024-01-01T 10:00",
                "2024-01-01T10:00+02:00+02:00",
                "-024-01-01"
            })
    void rejectsInvalidDates(String text) {
        assertThat(date(text)).isNaN();
    }

    private static float number(String text) {
        char[] padded = ("9" + text + "9").toCharArray(); // which must not be read
        return CELLS.number(padded, 1, text.length());
    }

    private static float date(String text) {
        char[] padded = ("9" + text + "9").toCharArray();
        return CELLS.date(padded, 1, text.length());
    }
}
