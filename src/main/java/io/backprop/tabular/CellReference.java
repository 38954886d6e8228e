package io.backprop.tabular;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A cell that a message is about.
 *
 * @param place of its row
 * @param text of which the beginning is kept, as it may be long and is kept for many columns
 */
record CellReference(String place, String column, String text) {

    private static final int LONGEST_QUOTE = 60;
    private static final int MOST_NAMES = 20; // in a message
    private static final int LONGEST_KEPT =
            StringDictionary.LONGEST + 1; // enough to see that it is too long for a word

    CellReference {
        text = text.substring(0, Math.min(text.length(), LONGEST_KEPT));
    }

    /** An exception that begins with where the cell is and what it has. */
    TableException breaks(String rule) {
        return TableException.invalid("%s: column %s %s", place, quote(column), rule);
    }

    /** An exception for a cell that must be something else. */
    private TableException mustBe(String what) {
        return breaks("must be %s, but is %s".formatted(what, quote(text)));
    }

    /** An exception for a cell that must be a number, and says what keeps it from being one. */
    TableException notANumber() {
        String unclear = CellType.ambiguity(text);
        return unclear.isEmpty()
                ? mustBe("a number")
                : breaks("must be a number, but %s %s".formatted(quote(text), unclear));
    }

    TableException notADate() {
        return mustBe("a date in ISO 8601, such as 2024-02-29");
    }

    TableException notAClass(List<String> labels) {
        return mustBe("one of " + list(labels));
    }

    /** Whether a text can be stored and sent: no zeros, no halves of characters. */
    static boolean isText(String text) {
        return text.codePoints()
                .noneMatch(
                        point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE));
    }

    /** A text from outside, at a length that suits a message. */
    static String quote(String text) {
        if (text.length() <= LONGEST_QUOTE) {
            return '"' + text + '"';
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_QUOTE - 1)) ? LONGEST_QUOTE - 1 : LONGEST_QUOTE;
        return '"' + text.substring(0, end) + "…\"";
    }

    /** Names from outside, at a length that suits a message. */
    static String list(List<String> names) {
        String listed =
                names.stream().limit(MOST_NAMES).map(CellReference::quote).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? listed + " and %d more".formatted(names.size() - MOST_NAMES) : listed;
    }
}
