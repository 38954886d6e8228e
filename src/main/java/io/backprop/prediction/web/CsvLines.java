package io.backprop.prediction.web;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import tools.jackson.core.io.NumberOutput;

/** Lines of CSV in memory; quotes stand where they must. FastCSV would have each cell made a String first. */
final class CsvLines {

    private char[] text = new char[1 << 16];
    private int length;
    private boolean inLine;

    void addCell(String cell) {
        addCell(cell.toCharArray(), 0, cell.length());
    }

    void addCell(char[] cell, int offset, int cellLength) {
        makeRoom(2 * cellLength + 3);
        separate();
        if (needsQuotes(cell, offset, cellLength)) {
            addQuoted(cell, offset, cellLength);
        } else {
            System.arraycopy(cell, offset, text, length, cellLength);
            length += cellLength;
        }
    }

    /** As in JSON; a number that is not finite is an empty cell. */
    void addCell(float number) {
        addCell(Float.isFinite(number) ? NumberOutput.toString(number, true) : "");
    }

    void endLine() {
        makeRoom(1);
        text[length++] = '\n';
        inLine = false;
    }

    private void separate() {
        if (inLine) {
            text[length++] = ',';
        }
        inLine = true;
    }

    private void makeRoom(int more) {
        if (text.length - length < more) {
            text = Arrays.copyOf(text, Math.max(2 * text.length, length + more));
        }
    }

    private static boolean needsQuotes(char[] cell, int offset, int cellLength) {
        for (int i = offset; i < offset + cellLength; i++) {
            char character = cell[i];
            if (character <= ',' && (character == ',' || character == '"' || character == '\n' || character == '\r')) {
                return true;
            }
        }
        return false;
    }

    private void addQuoted(char[] cell, int offset, int cellLength) {
        text[length++] = '"';
        for (int i = offset; i < offset + cellLength; i++) {
            text[length++] = cell[i];
            if (cell[i] == '"') {
                text[length++] = '"';
            }
        }
        text[length++] = '"';
    }

    /** Writes and forgets the lines. */
    void writeTo(Writer out) throws IOException {
        out.write(text, 0, length);
        length = 0;
    }
}
