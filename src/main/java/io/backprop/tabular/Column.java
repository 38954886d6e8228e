package io.backprop.tabular;

/** A column of a table, and how its cells are kept as numbers: a gap as NaN, else a number itself, or the code of a word. */
abstract class Column {

    private final String name;

    Column(String name) {
        this.name = name;
    }

    final String name() {
        return name;
    }

    /** How the next cell is kept. */
    final float readCell(char[] text, int offset, int length) {
        int start = offset;
        int end = offset + length;
        while (start < end && text[start] <= ' ') {
            start++;
        }
        while (end > start && text[end - 1] <= ' ') {
            end--;
        }
        return MissingValues.isMissing(text, start, end - start) ? Float.NaN : read(text, start, end - start);
    }

    /** How the next cell is kept, which is no gap and has no space around it. */
    abstract float read(char[] text, int offset, int length);

    /** Whether cells are codes of words; else they are numbers. */
    abstract boolean hasDictionary();

    abstract StringDictionary dictionary();

    /** The word of a code; if there are several, one of them. */
    String word(int code) {
        return dictionary().get(code);
    }

    /** Refuses a column of something else than the feature's. */
    abstract void requireCompatible(Feature feature);
}
