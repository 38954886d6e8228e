package io.backprop.tabular;

import java.util.Comparator;

/**
 * Where a row of a table is, for messages.
 *
 * @param source such as the name of a file; empty if there is one source only
 * @param line of its first character, from 1; 0 if rows have no lines
 * @param row from 0
 */
record RowPlace(String source, long line, long row) implements Comparable<RowPlace> {

    private static final Comparator<RowPlace> ORDER =
            Comparator.comparing(RowPlace::source).thenComparing(RowPlace::row);

    @Override
    public int compareTo(RowPlace other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String place = line > 0 ? "line " + line : "row " + row;
        return source.isEmpty() ? place : source + ", " + place;
    }
}
