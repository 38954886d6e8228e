package io.backprop.model;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/** A place in the list of all models, newest first: just after one of them, whether that still exists or not. */
public record ModelCursor(Instant createdAt, String id) {

    static ModelCursor of(Model last) {
        return new ModelCursor(last.createdAt(), last.id());
    }

    /** Reads what {@link #toString} wrote. */
    static ModelCursor parse(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 2);
            return new ModelCursor(Instant.parse(parts[0]), parts[1]);
        } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
            throw new InvalidParameterException(
                    "cursor", "must be the \"next\" of a page, but was \"%s\"".formatted(text));
        }
    }

    @Override
    public String toString() {
        byte[] text = (createdAt + " " + id).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }
}
