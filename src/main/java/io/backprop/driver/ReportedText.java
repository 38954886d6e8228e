package io.backprop.driver;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Texts for people that drivers report: of limited length and number, and such that any database can store them. */
final class ReportedText {

    static final int MAX_LENGTH = 1_000; // characters

    static final int MAX_WARNINGS = 101; // as many as a table has, and the number of others

    private ReportedText() {}

    /** Shortens a longer text, and replaces NUL characters and unpaired surrogates. */
    static String limit(String text) {
        String shortened = text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + '…';
        byte[] encoded = shortened.getBytes(StandardCharsets.UTF_8); // '?' for an unpaired surrogate
        return new String(encoded, StandardCharsets.UTF_8).replace('\0', '?');
    }

    /** Limits each text, and says how many are left out where there are too many. */
    static List<String> limit(List<String> texts) {
        if (texts.size() <= MAX_WARNINGS) {
            return texts.stream().map(ReportedText::limit).toList();
        }
        int kept = MAX_WARNINGS - 1;
        return Stream.concat(
                        texts.stream().limit(kept).map(ReportedText::limit),
                        Stream.of("%d more warnings".formatted(texts.size() - kept)))
                .toList();
    }
}
