package io.backprop.model;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in a list, newest first: after the given element, which need not exist any more.
 *
 * @param id has the form of a model's id
 */
public record PageCursor(Instant createdAt, String id) {

    /* A client may send any text: only years of four digits, which every database supports, are accepted. */
    private static final Pattern FORM = Pattern.compile("(\\d{4}-\\S+) (" + Model.ID + ")");

    /** Parses the result of {@link #toString}; empty if the text is not one. */
    public static Optional<PageCursor> parse(String text) {
        try {
            Matcher place = FORM.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
            if (place.matches()) {
                return Optional.of(new PageCursor(Instant.parse(place.group(1)), place.group(2)));
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty(); // not base64, or not a time
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        byte[] text = (createdAt + " " + id).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }
}
