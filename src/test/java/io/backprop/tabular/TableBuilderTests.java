package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableBuilderTests {

    private static final int ROWS = 2_000_000;
    private static final long CELLS = 4L * ROWS;
    private static final byte[] CSV = csv();

    private final AtomicLong allocated = new AtomicLong();
    private long peak;

    /** Four columns of numbers that do not become longer from row to row. */
    private static byte[] csv() {
        StringBuilder text = new StringBuilder("a,b,c,d\n");
        IntStream.range(0, ROWS).forEach(row -> text.append(row % 10).append(",2,3,4\n"));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private Table read(long maxCells, long expectedBytes) throws IOException {
        TableBuilder builder = new TableBuilder(
                maxCells,
                expectedBytes,
                CellRules.DEFAULT,
                bytes -> peak = Math.max(peak, allocated.addAndGet(bytes)),
                null);
        CsvTables.read(new ByteArrayInputStream(CSV), builder);
        return builder.build();
    }

    @Test
    void needsLittleMoreThanTheCellsIfTheLengthIsKnown() throws IOException {
        assertThat(read(2 * CELLS, CSV.length).rows()).isEqualTo(ROWS);
        assertThat(peak).isBetween(4 * CELLS, 4 * CELLS * 21 / 16);
    }

    @Test
    void needsTheCellsTwiceIfTheLengthIsUnknown() throws IOException {
        assertThat(read(2 * CELLS, 0).rows()).isEqualTo(ROWS);
        assertThat(peak).isBetween(8 * CELLS, 8 * CELLS + (1 << 20));
    }

    @Test
    void allocatesLittleForMoreThanIsSent() throws IOException {
        assertThat(read(100 * CELLS, 20L * CSV.length).rows()).isEqualTo(ROWS);
        assertThat(peak).isBetween(8 * CELLS, 8 * CELLS + (1 << 20));
    }

    @Test
    void rejectsOneCellTooManyBeforeItIsAllocated() throws IOException {
        assertThat(read(CELLS + 200, CSV.length).rows()).isEqualTo(ROWS);
        assertThatThrownBy(() -> read(CELLS / 2, CSV.length))
                .isInstanceOf(TableException.class)
                .hasMessage("a table may have at most 4000000 cells, but this one has more");
        assertThat(allocated.get()).isLessThan(2 * 4 * CELLS);
    }

    @Test
    void countsDistinctStringsAsCells() {
        TableBuilder builder = new TableBuilder(1_000, 0, CellRules.DEFAULT, allocated::addAndGet, null);
        builder.begin(List.of("a"));
        char[] text = "word".toCharArray();
        builder.cell(0, RowSink.CellKind.UNTYPED, text, 0, text.length);
        assertThat(allocated).hasValue((8 + 2) * Float.BYTES);
    }
}
