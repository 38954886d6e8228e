package io.backprop.tabular;

import java.util.regex.Pattern;

/** What the text of a cell that is no gap looks like. */
enum CellType {
    NUMBER,
    DATE,
    /** A number to a person, but not one to be sure of. */
    AMBIGUOUS,
    WORD;

    private static final Pattern GROUPED =
            Pattern.compile("[+-]?\\d{1,3}(?:[,.'_ \\u00a0\\u2009\\u202f]\\d{3})++(?:[.,]\\d*+)?+");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d*+,\\d++(?:[eE][+-]?\\d++)?+");
    private static final Pattern INFINITE = Pattern.compile("[+-]?inf(?:inity)?", Pattern.CASE_INSENSITIVE);

    static CellType of(String text) {
        char[] characters = text.toCharArray();
        if (!Float.isNaN(CellNumbers.parse(characters, 0, characters.length))) {
            return NUMBER;
        }
        if (!Float.isNaN(CellDates.parse(characters, 0, characters.length))) {
            return DATE;
        }
        return ambiguity(text).isEmpty() ? WORD : AMBIGUOUS;
    }

    /** Why a text that is nearly a number is not taken for one; empty if it is far from one. */
    static String ambiguity(String text) {
        boolean tooLong = text.length() > StringDictionary.LONGEST;
        if (CellNumbers.isWellFormed(text.toCharArray(), 0, text.length())) {
            return tooLong
                    ? "has more than %d characters".formatted(StringDictionary.LONGEST)
                    : "does not fit float32, which ends at 3.4028235e38";
        }
        if (tooLong) {
            return "";
        }
        if (INFINITE.matcher(text).matches()) {
            return "is not finite";
        }
        boolean grouped = GROUPED.matcher(text).matches();
        boolean comma = DECIMAL_COMMA.matcher(text).matches();
        if (!grouped && !comma) {
            return "";
        }
        String what = grouped && comma
                ? "a thousands separator or a decimal comma"
                : grouped ? "thousands separators" : "a decimal comma";
        return "has " + what + "; write such numbers as 1234.5";
    }
}
