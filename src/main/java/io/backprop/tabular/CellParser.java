package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses the text of cells without whitespace around it. */
final class CellParser {

    private static final int MAX_DATE_LENGTH = 60;
    private static final Pattern GROUPED =
            Pattern.compile("[+-]?\\d{1,3}(?:[,.'_ \\u00a0\\u2009\\u202f]\\d{3})++(?:[.,]\\d*+)?+");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d*+,\\d++(?:[eE][+-]?\\d++)?+");
    private static final Pattern INFINITE = Pattern.compile("[+-]?inf(?:inity)?", Pattern.CASE_INSENSITIVE);

    private final boolean decimalComma;
    private final char point;
    private final @Nullable DatePattern pattern;
    private final boolean iso;
    private final MissingWords missing;
    private final InvalidCells invalidCells;

    CellParser(CellRules rules) {
        CellFormat format = rules.format();
        this.decimalComma = format.decimalComma();
        this.point = decimalComma ? ',' : '.';
        this.pattern = format.dateFormat() == null ? null : new DatePattern(format.dateFormat());
        this.iso = pattern == null || !pattern.resemblesIso();
        this.missing = new MissingWords(format, point);
        this.invalidCells = rules.invalidCells();
    }

    InvalidCells invalidCells() {
        return invalidCells;
    }

    boolean decimalComma() {
        return decimalComma;
    }

    /** The words besides the default ones that no cell has been so far. */
    List<String> unusedMissing() {
        return missing.unused();
    }

    /** Adds the missing words that the cells of another part of the table were. */
    void merge(CellParser other) {
        missing.merge(other.missing);
    }

    void writeTo(DataOutput out) throws IOException {
        missing.writeTo(out);
    }

    void readFrom(DataInput in) throws IOException {
        missing.readFrom(in);
    }

    boolean isMissing(char[] text, int offset, int length) {
        return missing.contains(text, offset, length);
    }

    boolean isMissing(float number) {
        return missing.contains(number);
    }

    /** The number, rounded to double and then to float; NaN if it is malformed or does not fit. */
    float number(char[] text, int offset, int length) {
        return NumberParser.parse(text, offset, length, point);
    }

    /** Days since 1970; NaN if the text is not a date. */
    float date(char[] text, int offset, int length) {
        float days = iso ? DateParser.parse(text, offset, length) : Float.NaN;
        return pattern == null || !Float.isNaN(days) || length > MAX_DATE_LENGTH
                ? days
                : pattern.parse(new String(text, offset, length));
    }

    CellType typeOf(String text) {
        return typeOf(text.toCharArray(), 0, text.length());
    }

    CellType typeOf(char[] text, int offset, int length) {
        if (!Float.isNaN(number(text, offset, length))) {
            return CellType.NUMBER;
        }
        if (!Float.isNaN(date(text, offset, length))) {
            return CellType.DATE;
        }
        return !mayBeNumber(text[offset])
                        || ambiguity(new String(text, offset, length)).isEmpty()
                ? CellType.TEXT
                : CellType.AMBIGUOUS;
    }

    /** Whether a text with this first character may resemble a number. Rules out most text without a regular expression. */
    private static boolean mayBeNumber(char first) {
        return (first >= '0' && first <= '9') || "+-.,iI".indexOf(first) >= 0;
    }

    /** The value of a cell as this type; NaN if it has none. */
    float parse(CellType type, char[] text, int offset, int length) {
        return switch (type) {
            case NUMBER -> number(text, offset, length);
            case DATE -> date(text, offset, length);
            case AMBIGUOUS, TEXT -> Float.NaN;
        };
    }

    float parse(CellType type, String text) {
        return parse(type, text.toCharArray(), 0, text.length());
    }

    /** The formats of dates, for messages. */
    String dateFormats() {
        String isoFormat = "ISO 8601, such as 2024-02-29";
        return pattern == null ? isoFormat : "the format " + pattern + (iso ? " or in " + isoFormat : "");
    }

    /** Why a text that resembles a number is not parsed as one; empty if it does not resemble a number. */
    String ambiguity(String text) {
        String example = decimalComma ? "1234,5" : "1234.5";
        String separator = decimalComma ? "a decimal point" : "a decimal comma";
        String option = decimalComma ? "decimal=." : "decimal=,";
        boolean tooLong = text.length() > StringDictionary.MAX_LENGTH;
        if (NumberParser.isWellFormed(text.toCharArray(), 0, text.length(), point)) {
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
        boolean other = DECIMAL_COMMA
                        .matcher(decimalComma ? text.replace('.', ',') : text)
                        .matches()
                && (!decimalComma || text.indexOf(',') < 0);
        if (other) {
            return "has %s%s; set %s or write such numbers as %s"
                    .formatted(grouped ? "a thousands separator or " : "", separator, option, example);
        }
        return grouped ? "has thousands separators; write such numbers as " + example : "";
    }
}
