package io.backprop.tabular;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table cannot be used. The message names the line or row and the column, the rule, and what was received. */
public final class TableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int MAX_QUOTE_LENGTH = 60;
    private static final int MAX_LISTED_NAMES = 20;

    private final Kind kind;

    /** How the table fails. */
    public enum Kind {
        /** It cannot be parsed: wrong encoding, an unclosed quote, binary data. */
        UNREADABLE,
        /** It can be parsed, but violates a rule. */
        INVALID,
        /** It is JSON where CSV is expected. */
        JSON,
        /** It breaks a rule, probably because its line breaks have been removed. */
        NO_LINE_BREAKS,
        /** It has more cells than may be in memory. */
        TOO_LARGE
    }

    private TableException(Kind kind, String format, Object... arguments) {
        super(String.format(Locale.ROOT, format, arguments));
        this.kind = kind;
    }

    public static TableException unreadable(String format, Object... arguments) {
        return new TableException(Kind.UNREADABLE, format, arguments);
    }

    public static TableException invalid(String format, Object... arguments) {
        return new TableException(Kind.INVALID, format, arguments);
    }

    static TableException json() {
        return new TableException(Kind.JSON, "a table must be CSV, but this is JSON");
    }

    /** This exception, for a table whose beginning has no line break. */
    TableException withoutLineBreaks() {
        return new TableException(Kind.NO_LINE_BREAKS, "%s", getMessage());
    }

    public static TableException tooLarge(String format, Object... arguments) {
        return new TableException(Kind.TOO_LARGE, format, arguments);
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** A received text in quotes, shortened for a message. */
    static String quote(String text) {
        if (text.length() <= MAX_QUOTE_LENGTH) {
            return '"' + text + '"';
        }
        boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_QUOTE_LENGTH - 1));
        return '"' + text.substring(0, splitsPair ? MAX_QUOTE_LENGTH - 1 : MAX_QUOTE_LENGTH) + "…\"";
    }

    /** Received names in quotes, shortened for a message. */
    static String quote(List<String> names) {
        String listed = names.stream()
                .limit(MAX_LISTED_NAMES)
                .map(TableException::quote)
                .collect(Collectors.joining(", "));
        int more = names.size() - MAX_LISTED_NAMES;
        return more > 0 ? listed + " and " + more + " more" : listed;
    }
}
