package io.backprop.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Matrix;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.MemoryBusyException;
import io.backprop.prediction.Predictors;
import io.backprop.tabular.RowSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CsvPredictionWriterTests {

    private static final RowSink ENCODER = new RowSink() {
        @Override
        public void begin(List<String> columns) {}

        @Override
        public void cell(int column, CellKind kind, char[] text, int offset, int length) {}

        @Override
        public void endRow() {}
    };

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final MemoryBudget budget = new MemoryBudget(10 << 20, 10 << 20);
    private final MemoryBudget.Reservation request = budget.begin();
    private final CsvPredictionWriter writer =
            new CsvPredictionWriter(Predictors.regression().tableScorer(), false, out, request::add);

    @AfterEach
    void end() {
        request.close();
    }

    @Test
    void quotesCellsWhereNecessary() {
        write(0, "plain", " spaced ", "a,b", "say \"so\"", "two\nlines", "\r", "it's", "");

        assertThat(out.toString(StandardCharsets.UTF_8))
                .endsWith("\nplain, spaced ,\"a,b\",\"say \"\"so\"\"\",\"two\nlines\",\"\r\",it's,,0.0\n");
    }

    @Test
    void emptyAndMissingCellsKeepTheirPlaces() {
        RowSink rows = begin(3);
        addCell(rows, 0, "");
        addCell(rows, 2, "x");
        rows.endRow();
        rows.endRow();
        writer.endBatch().accept(Matrix.of(new float[] {1}, new float[] {2}));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("0,1,2,prediction\n,,x,1.0\n,,,2.0\n");
    }

    @Test
    void writesShortNumbersAndNothingForThoseNotFinite() {
        RowSink rows = begin(1);
        float[] numbers = {0.1f, 2, 1e10f, Float.NaN, Float.NEGATIVE_INFINITY};
        for (int i = 0; i < numbers.length; i++) {
            addCell(rows, 0, "a");
            rows.endRow();
        }
        writer.endBatch().accept(Matrix.wrap(numbers.length, 1, numbers));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("0,prediction\na,0.1\na,2.0\na,1.0E10\na,\na,\n");
    }

    @Test
    void writesDecimalCommasBetweenSemicolons() {
        CsvPredictionWriter german =
                new CsvPredictionWriter(Predictors.regression().tableScorer(), true, out, request::add);
        RowSink rows = german.tap(ENCODER);
        rows.begin(List.of("x", "note", "z"));
        rows.cell(0, RowSink.CellKind.UNTYPED, "1,5".toCharArray(), 0, 3);
        rows.cell(1, RowSink.CellKind.UNTYPED, "1.5".toCharArray(), 0, 3);
        rows.cell(2, RowSink.CellKind.NUMBER, "2.5".toCharArray(), 0, 3);
        rows.endRow();
        german.endBatch().accept(Matrix.of(new float[] {3.25f}));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("x;note;z;prediction\n1,5;1.5;2,5;3,25\n");
    }

    @Test
    void warnsOfColumnThatThePredictionReplaces() {
        RowSink rows = writer.tap(ENCODER);
        rows.begin(List.of("x", "prediction"));

        assertThat(writer.warnings())
                .containsExactly("column \"prediction\" of the rows is left out for the prediction's");
    }

    @Test
    void writesLongCells() {
        String quotes = "\"".repeat(100_000);
        write(1, "a", quotes, "b");

        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("\na,\"" + quotes + quotes + "\",b,1.0\n");
    }

    @Test
    void countsCellsUntilTheyAreWritten() {
        MemoryBudget.Reservation other = budget.begin();
        other.add(6 << 20);
        String cell = "x".repeat(100_000);
        RowSink rows = begin(1);
        for (int row = 0; row < 10; row++) {
            addCell(rows, 0, cell);
            rows.endRow();
        }
        Consumer<Matrix> first = writer.endBatch();

        assertThatThrownBy(() -> {
                    for (int row = 0; row < 10; row++) {
                        addCell(rows, 0, cell);
                    }
                })
                .isInstanceOf(MemoryBusyException.class);
        first.accept(Matrix.wrap(10, 1, new float[10]));
        addCell(rows, 0, cell);
        other.close();
    }

    private void write(float prediction, String... cells) {
        RowSink rows = begin(cells.length);
        for (int column = 0; column < cells.length; column++) {
            addCell(rows, column, cells[column]);
        }
        rows.endRow();
        writer.endBatch().accept(Matrix.of(new float[] {prediction}));
    }

    /** Begins a table whose columns are named by their numbers. */
    private RowSink begin(int columns) {
        RowSink rows = writer.tap(ENCODER);
        rows.begin(IntStream.range(0, columns).mapToObj(String::valueOf).toList());
        return rows;
    }

    private static void addCell(RowSink rows, int column, String cell) {
        rows.cell(column, RowSink.CellKind.UNTYPED, cell.toCharArray(), 0, cell.length());
    }
}
