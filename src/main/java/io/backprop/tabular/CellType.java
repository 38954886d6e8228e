package io.backprop.tabular;

import java.util.regex.Pattern;

/** What the text of a cell that is not missing can be parsed as. */
enum CellType {
    NUMBER,
    /** Also counts as a number: the days since 1970. */
    DATE,
    /** People read it as a number, but it has no unambiguous value. */
    AMBIGUOUS,
    TEXT;

    private static final Pattern GROUPED =
            Pattern.compile("[+-]?\\d{1,3}(?:[,.'_ \\u00a0\\u2009\\u202f]\\d{3})++(?:[.,]\\d*+)?+");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d*+,\\d++(?:[eE][+-]?\\d++)?+");
    private static final Pattern INFINITE = Pattern.compile("[+-]?inf(?:inity)?", Pattern.CASE_INSENSITIVE);

    static CellType of(String text) {
        if (!Float.isNaN(NUMBER.parse(text))) {
            return NUMBER;
        }
        if (!Float.isNaN(DATE.parse(text))) {
            return DATE;
        }
        return ambiguity(text).isEmpty() ? TEXT : AMBIGUOUS;
    }

    /** The value of a cell as this type; NaN if it has none. */
    float parse(char[] text, int offset, int length) {
        if (this == NUMBER) {
            return NumberParser.parse(text, offset, length);
        }
        return this == DATE ? DateParser.parse(text, offset, length) : Float.NaN;
    }

    float parse(String text) {
        return parse(text.toCharArray(), 0, text.length());
    }

    /** Why a text that resembles a number is not parsed as one; empty if it does not resemble a number. */
    static String ambiguity(String text) {
        boolean tooLong = text.length() > StringDictionary.MAX_LENGTH;
        if (NumberParser.isWellFormed(text.toCharArray(), 0, text.length())) {
            return tooLong
                    ? "has more than %d characters".formatted(StringDictionary.MAX_LENGTH)
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
