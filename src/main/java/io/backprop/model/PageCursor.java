package io.backprop.model;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A position in a list, newest first: after the given element, which need not exist any more.
 *
 * @param id has the form of a model's id
 */
public record PageCursor(Instant createdAt, String id) {

    /* A client may send any text: only years of four digits, which every database supports, are accepted. */
    private static final Pattern FORM = Pattern.compile("(\\d{4}-\\S+) (" + Model.ID + ")");

    /** The text is not the position of a page. */
    public static final class InvalidException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private InvalidException(String text, @Nullable Exception cause) {
            super("must be the \"next\" of a page, but was \"" + text + '"', cause);
        }
    }

    /**
     * Parses the result of {@link #toString}.
     *
     * @param text null for the first page
     * @throws InvalidException if it is not one
     */
    public static @Nullable PageCursor parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Matcher place = FORM.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
            if (place.matches()) {
                return new PageCursor(Instant.parse(place.group(1)), place.group(2));
            }
        } catch (IllegalArgumentException | DateTimeException e) { // not base64, or not a time
            throw new InvalidException(text, e);
        }
        throw new InvalidException(text, null);
    }

    @Override
    public String toString() {
        byte[] text = (createdAt + " " + id).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }
}
