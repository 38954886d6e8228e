package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.chrome.ChromeDriver;

/** What the console finds in the beginning of a CSV file. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleCsvTests {

    private static final Path MODULE = Path.of("src/main/resources/static/console/csv.js");
    private static final int SAMPLE = 1 << 20;

    private final ChromeDriver browser = Chromium.start();

    @AfterAll
    void close() {
        browser.quit();
    }

    @Test
    void findsTypesGapsAndTarget() {
        assertThat(describe("height,color,species\n1.5,red,a\nNA,blue,b\n2e3,,a\n-.5,red,b\n"))
                .contains(
                        entry("types", List.of("numeric", "categorical", "categorical")),
                        entry("gaps", List.of(0.25, 0.25, 0L)),
                        entry("target", "species"),
                        entry("targetType", "categorical"));
    }

    @Test
    void detectsSeparatorAndDecimalComma() {
        assertThat(describe("a;b;c\n1,5;x;-2,25\n3;y;4,5\n2;x;1,75\n"))
                .contains(
                        entry("names", List.of("a", "b", "c")),
                        entry("decimal", ","),
                        entry("types", List.of("numeric", "categorical", "numeric")),
                        entry("targetType", "numeric"));
        assertThat(describe("a\tb\n1.5\t2\n")).containsEntry("names", List.of("a", "b"));
        assertThat(describe("\"a;b;c\",d\n1,2\n")).containsEntry("names", List.of("a;b;c", "d"));
    }

    @Test
    void readsQuotedCells() {
        assertThat(describe("\"say \"\"hi\"\"\",\"a\nb\"\r\n\"x,\ny\",\"\"\r\n\r\nplain \"word\", z \r\n"))
                .contains(
                        entry("names", List.of("say \"hi\"", "a\nb")),
                        entry("rows", List.of(List.of("x,\ny", ""), List.of("plain \"word\"", "z"))));
    }

    @Test
    void proposesToIgnoreWhatIdentifiesRows() {
        assertThat(describe("id,ticket,,empty,value,y\n7,A1,1,,10,0\n8,B2,2,,20,1\n9,C3,3,,30,1\n"))
                .contains(entry("types", List.of("ignore", "ignore", "ignore", "ignore", "numeric", "numeric")));
    }

    @Test
    void takesFewNumbersAsClassesByTheNameOfTheTarget() {
        assertThat(describe("a,class,b\n1,1,2.5\n2,2,3.5\n3,3,4.5\n4,1,5.5\n"))
                .contains(entry("target", "class"), entry("targetType", "categorical"));
        assertThat(describe("a,rooms\n1,1\n2,2\n3,3\n4,1\n"))
                .contains(entry("target", "rooms"), entry("targetType", "numeric"));
        assertThat(describe("a,sold\n1,1\n2,0\n3,0\n4,1\n")).containsEntry("targetType", "categorical");
    }

    @Test
    void readsOnlyTheBeginningOfLargeFile() {
        String row = "1,\"" + "x".repeat(1000) + "\",2\n";
        assertThat(describe("a,b,c\n", row, 2 * SAMPLE / row.length()))
                .containsEntry("count", (long) SAMPLE / row.length());
    }

    @Test
    void rejectsWhatIsNoTable() {
        for (String text : List.of("", "\n", "a,b\n", "a,b\n1,\0\n")) {
            assertThatThrownBy(() -> describe(text))
                    .isInstanceOf(JavascriptException.class)
                    .hasMessageContaining("is not a table of text");
        }
    }

    private Map<String, Object> describe(String text) {
        return describe(text, "", 0);
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> describe(String text, String row, int count) {
        return (Map<String, Object>) Objects.requireNonNull(browser.executeScript("""
                return import('data:text/javascript;base64,' + arguments[0]).then(async csv => {
                  const table = await csv.read(new File([arguments[1] + arguments[2].repeat(arguments[3])], 'table.csv'));
                  const columns = csv.columnsOf(table);
                  const target = csv.proposeTarget(columns);
                  return {
                    names: table.names,
                    rows: table.rows.slice(0, 5),
                    count: table.rows.length,
                    decimal: table.decimal,
                    types: columns.map(column => column.type),
                    gaps: columns.map(column => column.gaps),
                    target: target.name,
                    targetType: target.typeAsTarget,
                  };
                });""", module(), text, row, count));
    }

    private static String module() {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(MODULE));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
