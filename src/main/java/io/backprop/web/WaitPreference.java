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

/**
 * The time that a client is willing to wait, from its {@code Prefer} header; RFC 7240 §4.1 and §4.3.
 *
 * @param seconds null if the header has no such preference
 */
public record WaitPreference(@Nullable Integer seconds) {

    public static final String HEADER = "Prefer";
    public static final String APPLIED = "Preference-Applied";
    public static final int DEFAULT_SECONDS = 30;
    public static final int MOST_SECONDS = 60;

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

    /** The value of {@value #APPLIED}; empty without a preference. */
    public Optional<String> applied() {
        return Optional.ofNullable(seconds).map(wait -> wait == 0 ? "respond-async" : "wait=" + wait);
    }
}
