package io.backprop.web;

import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/**
 * The time that a client is willing to wait, from its {@code Prefer} header; RFC 7240 §4.1 and §4.3.
 *
 * @param seconds null if the header has no such preference
 */
public record WaitPreference(@Nullable Integer seconds) {

    public static final String HEADER = "Prefer";
    public static final String APPLIED = "Preference-Applied";
    private static final int DEFAULT_SECONDS = 30;
    private static final int MOST_SECONDS = 60;

    /** The description of the header. */
    public static final String DESCRIPTION = "wait=SECONDS: maximum time to wait for the end, up to " + MOST_SECONDS
            + "; respond-async: do not wait; absent: " + DEFAULT_SECONDS
            + "; the response header Preference-Applied contains the applied preference";

    private static final String RETRY_AFTER_SECONDS = "1";

    /* name = value, then anything up to the next comma outside of quotes; the last quote may be missing. */
    private static final Pattern PREFERENCE =
            Pattern.compile("([^\\s=;,\"]++)\\s*+(?:=\\s*+(\"[^\"]*+\"?+|[^;,\"]*+))?+(?:[^,\"]++|\"[^\"]*+\"?+)*+");

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]++");

    public static WaitPreference parse(@Nullable String prefer) {
        Map<String, String> preferences = preferences(prefer == null ? "" : prefer.toLowerCase(Locale.ROOT));
        String wait = preferences.get("wait");
        if (wait != null) {
            return new WaitPreference(seconds(wait));
        }
        return new WaitPreference(preferences.containsKey("respond-async") ? 0 : null);
    }

    /** Values by name; the first one of each name. */
    private static Map<String, String> preferences(String prefer) {
        Map<String, String> preferences = new HashMap<>();
        Matcher preference = PREFERENCE.matcher(prefer);
        while (preference.find()) {
            String value = Objects.requireNonNullElse(preference.group(2), "");
            preferences.putIfAbsent(preference.group(1), value.replace("\"", "").trim());
        }
        return preferences;
    }

    private static int seconds(String text) {
        String detail = "must wait 0 to %d seconds, but was \"wait=%s\"".formatted(MOST_SECONDS, text);
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            throw ProblemType.UNREADABLE_PARAMETER.exception(FieldProblem.parameter(HEADER, detail));
        }
        double seconds = Double.parseDouble(text); // an int may overflow
        if (seconds < 0 || seconds > MOST_SECONDS) {
            throw ProblemType.INVALID_FIELD.exception(FieldProblem.parameter(HEADER, detail));
        }
        return (int) seconds;
    }

    public Duration toDuration() {
        return Duration.ofSeconds(seconds == null ? DEFAULT_SECONDS : seconds);
    }

    /**
     * The response to a client that has waited.
     *
     * @param isOver whether it has waited long enough for the end
     * @param path where the state can be seen
     */
    public <T> ResponseEntity<T> respond(boolean isOver, String path, T body) {
        ResponseEntity.BodyBuilder response = isOver
                ? ResponseEntity.ok()
                : ResponseEntity.status(HttpStatus.ACCEPTED)
                        .header(HttpHeaders.LOCATION, path)
                        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        return withApplied(response, body);
    }

    /** The response to a client that has waited for something to be found: 204 without a body if nothing was. */
    public <T> ResponseEntity<T> respond(Optional<T> found) {
        return withApplied(
                ResponseEntity.status(found.isPresent() ? HttpStatus.OK : HttpStatus.NO_CONTENT), found.orElse(null));
    }

    private <T> ResponseEntity<T> withApplied(ResponseEntity.BodyBuilder response, @Nullable T body) {
        applied().ifPresent(applied -> response.header(APPLIED, applied));
        return response.body(body);
    }

    /** The value of {@value #APPLIED}; empty without a preference. */
    public Optional<String> applied() {
        return Optional.ofNullable(seconds).map(wait -> wait == 0 ? "respond-async" : "wait=" + wait);
    }
}
