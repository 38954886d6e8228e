package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import io.backprop.tabular.ColumnChoice.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Fits the features of a model to rows of a table in memory. */
final class FeatureFitter {

    private static final int ROWS_PER_BLOCK = 512; // stay in the cache from one column to the next
    private static final int COLUMNS_AT_A_TIME = 16; // because each has counters
    private static final int MIN_NUMBERED_ROWS = 20; // fewer may be a series

    private final Table table;
    private final int[] rows;
    private final float[] block = new float[ROWS_PER_BLOCK];

    /** @param rows of the table to fit to. Not modified. */
    FeatureFitter(Table table, int[] rows) {
        this.table = table;
        this.rows = rows;
    }

    /**
     * The features, in the order of the table's columns. Adds a warning for each column that is dropped. The type of a column
     * depends on all rows of the table.
     *
     * @param scaling of inputs; null to leave numbers as they are
     */
    List<Feature> fit(ColumnChoice choice, @Nullable ScalingMethod scaling, Warnings warnings) {
        List<Candidate> candidates = choice.candidates();
        candidates.stream()
                .filter(candidate -> candidates.size() > 1 && choice.isInferred(candidate) && numbersTheRows(candidate))
                .forEach(candidate -> warnings.add(
                        "column %s counts the rows; columns.%s=ignore leaves it out if it says nothing else"
                                .formatted(quote(candidate.name()), candidate.name())));
        List<ColumnFit> fits = new ArrayList<>();
        for (int from = 0; from < candidates.size(); from += COLUMNS_AT_A_TIME) {
            List<Candidate> some = candidates.subList(from, Math.min(from + COLUMNS_AT_A_TIME, candidates.size()));
            fits.addAll(fit(some, scaling));
        }
        return ColumnChoice.features(fits, choice.hints(), warnings);
    }

    /** Whether each number of a column is the one before plus 1. */
    private boolean numbersTheRows(Candidate candidate) {
        InferredColumn column = candidate.column();
        if (table.rows() < MIN_NUMBERED_ROWS || column.type() != InferredColumn.Type.NUMBERS) {
            return false;
        }
        float begin = column.number(table.cell(0, candidate.index()));
        return IntStream.range(1, table.rows())
                .allMatch(row -> column.number(table.cell(row, candidate.index())) == begin + row);
    }

    private List<ColumnFit> fit(List<Candidate> candidates, @Nullable ScalingMethod scaling) {
        List<ColumnFit> fits =
                candidates.stream().map(candidate -> candidate.fit(scaling)).toList();
        forEachBlock(candidates, (column, count) -> fits.get(column).addAll(block, count));
        @Nullable QuantileCounts[] quantiles = new QuantileCounts[fits.size()];
        Arrays.setAll(quantiles, column -> fits.get(column).quantiles());
        forEachBlock(candidates, (column, count) -> {
            QuantileCounts counts = quantiles[column];
            if (counts != null) {
                counts.addAll(block, count);
            }
        });
        for (int column = 0; column < quantiles.length; column++) {
            fits.get(column).finish(quantiles[column]);
        }
        return fits;
    }

    /** Calls the consumer for each block of rows and each column, when its cells are in the block. */
    private void forEachBlock(List<Candidate> candidates, BiConsumer<Integer, Integer> consumer) {
        for (int from = 0; from < rows.length; from += ROWS_PER_BLOCK) {
            int count = Math.min(ROWS_PER_BLOCK, rows.length - from);
            for (int column = 0; column < candidates.size(); column++) {
                copy(candidates.get(column), from, count);
                consumer.accept(column, count);
            }
        }
    }

    private void copy(Candidate candidate, int from, int count) {
        float[] cells = table.cells();
        int width = table.allColumns().length;
        int index = candidate.index();
        for (int i = 0; i < count; i++) {
            block[i] = cells[rows[from + i] * width + index];
        }
        InferredColumn column = candidate.column();
        if (candidate.numeric() && column.dictionary() != null) {
            for (int i = 0; i < count; i++) {
                block[i] = column.number(block[i]);
            }
        }
    }
}
