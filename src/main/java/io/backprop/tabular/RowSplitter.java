package io.backprop.tabular;

import io.backprop.tabular.RowSink.CellKind;
import io.backprop.tabular.RowSplit.HashedColumn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides of each row of a table that is being read whether it is for validation. */
final class RowSplitter {

    private static final int UNUSED = -1;

    private final RowSplit split;
    private final RowContent content = new RowContent();
    private final int[] slots; // by column of the table
    private final float[] numbers; // by slot; NaN if they are missing
    private final @Nullable TextColumn[] texts; // by slot; null for numbers

    RowSplitter(RowSplit split, Header header, CellParser parser) {
        this.split = split;
        List<HashedColumn> columns = split instanceof RowSplit.ByContent byContent
                ? byContent.columns()
                : List.of(new HashedColumn(((RowSplit.ByPart) split).column(), RowSplit.Content.TEXT));
        this.slots = new int[header.names().size()];
        this.numbers = new float[columns.size()];
        this.texts = new TextColumn[columns.size()];
        Arrays.fill(slots, UNUSED);
        for (int slot = 0; slot < columns.size(); slot++) {
            HashedColumn column = columns.get(slot);
            slots[header.require(column.name(), "the rows are divided by")] = slot;
            texts[slot] = column.content() == RowSplit.Content.TEXT ? new TextColumn(column.name(), parser) : null;
        }
        Arrays.fill(numbers, Float.NaN);
    }

    /** @param number of the cell, if it is in a column of numbers or dates; NaN if it is missing */
    void cell(int column, float number, CellKind kind, char[] text, int offset, int length) {
        int slot = slots[column];
        if (slot == UNUSED) {
            return;
        }
        TextColumn textColumn = texts[slot];
        if (textColumn == null) {
            numbers[slot] = number;
        } else {
            textColumn.convert(kind, text, offset, length);
        }
    }

    /** Receives the number of a cell in a column of numbers. */
    void number(int column, float number) {
        if (slots[column] != UNUSED) {
            numbers[slots[column]] = number;
        }
    }

    /** Whether the row is for validation. Called at the end of each row. */
    boolean isForValidation() {
        boolean validation = split instanceof RowSplit.ByContent byContent
                ? isChosen(byContent)
                : RowDivision.VALIDATION.equals(text(0));
        Arrays.fill(numbers, Float.NaN);
        for (TextColumn text : texts) {
            if (text != null) {
                text.value = null;
            }
        }
        return validation;
    }

    private boolean isChosen(RowSplit.ByContent byContent) {
        for (int slot = 0; slot < numbers.length; slot++) {
            if (texts[slot] == null) {
                content.addNumber(numbers[slot]);
            } else {
                addText(text(slot));
            }
        }
        return content.isForValidation(byContent.share(), byContent.seed());
    }

    private void addText(@Nullable String text) {
        if (text == null) {
            content.addMissingText();
        } else {
            content.addText(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private @Nullable String text(int slot) {
        TextColumn column = texts[slot];
        return column == null ? null : column.value;
    }

    /** Keeps the text of the last cell. */
    private static final class TextColumn extends Column {

        private @Nullable String value; // null if it is missing

        TextColumn(String name, CellParser parser) {
            super(name, parser);
        }

        @Override
        float convertValue(CellKind kind, char[] text, int offset, int length) {
            value = new String(text, offset, length);
            return 0;
        }

        @Override
        @Nullable
        StringDictionary dictionary() {
            return null;
        }

        @Override
        String value(int code) {
            return String.valueOf(value);
        }

        @Override
        void requireCompatible(Feature feature, Warnings warnings) {}
    }
}
