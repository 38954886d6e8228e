package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** The words that stand for missing values. */
final class MissingWords {
    /*
     * Every cell of a table is looked up. Comparing the first and the last character rules out nearly all cells without a
     * hash (benchmark TableReading).
     */

    private static final int ASCII = 128;

    private final char point;
    private final StringDictionary words = new StringDictionary();
    private final boolean[] firstCharacters = new boolean[ASCII]; // of all words; other characters than ASCII share one
    private final boolean[] lastCharacters = new boolean[ASCII];
    private int maxLength;
    private boolean numbers; // are among the words
    private final BitSet found = new BitSet(); // codes of words that cells have been
    private final int defaults; // number of words, which are the first ones

    /** @param point the decimal separator */
    MissingWords(CellFormat format, char point) {
        this.point = point;
        CellFormat.MISSING.forEach(word -> add(word, Float.NaN));
        defaults = words.size();
        for (String word : format.missing()) {
            float number = NumberParser.parse(word.toCharArray(), 0, word.length(), point);
            numbers |= !Float.isNaN(number);
            add(word, number);
        }
    }

    private void add(String word, float number) {
        char[] text = word.toCharArray();
        if (text.length == 0 || words.codeOf(text, 0, text.length) >= 0) {
            return;
        }
        words.add(word, number);
        firstCharacters[text[0] & (ASCII - 1)] = true;
        lastCharacters[text[text.length - 1] & (ASCII - 1)] = true;
        maxLength = Math.max(maxLength, text.length);
    }

    /** Whether a cell without whitespace around it stands for a missing value: a word, or a number equal to one. */
    boolean contains(char[] text, int offset, int length) {
        if (length == 0) {
            return true;
        }
        if (lastCharacters[text[offset + length - 1] & (ASCII - 1)]
                && firstCharacters[text[offset] & (ASCII - 1)]
                && length <= maxLength) {
            int code = words.codeOf(text, offset, length);
            if (code >= 0) {
                found.set(code);
                return true;
            }
        }
        return numbers && containsNumber(NumberParser.parse(text, offset, length, point));
    }

    /** Whether a number stands for a missing value: NaN, or a number equal to a word. */
    boolean contains(float number) {
        return Float.isNaN(number) || (numbers && containsNumber(number));
    }

    /** The words besides the default ones that no cell has been so far. */
    List<String> unused() {
        return IntStream.range(defaults, words.size())
                .filter(code -> !found.get(code))
                .mapToObj(words::get)
                .toList();
    }

    void merge(MissingWords other) {
        found.or(other.found);
    }

    void writeTo(DataOutput out) throws IOException {
        byte[] bits = found.toByteArray();
        out.writeInt(bits.length);
        out.write(bits);
    }

    void readFrom(DataInput in) throws IOException {
        byte[] bits = new byte[in.readInt()];
        in.readFully(bits);
        found.or(BitSet.valueOf(bits));
    }

    private boolean containsNumber(float number) {
        for (int code = 0; code < words.size(); code++) {
            if (words.number(code) == number) { // false for NaN
                found.set(code);
                return true;
            }
        }
        return false;
    }
}
