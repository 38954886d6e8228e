package io.backprop.training.web;

import io.backprop.model.InvalidParameterException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a client is willing to wait, as its {@code Prefer} header says; RFC 7240 §4.1 and §4.3. */
record WaitPreference(int seconds) {

    static final int DEFAULT_SECONDS = 30;
    static final int MOST_SECONDS = 60;
    private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*\"?([^\",;]*)\"?");

    static WaitPreference parse(@Nullable String prefer) {
        String preferences = prefer == null ? "" : prefer.toLowerCase(Locale.ROOT);
        Matcher wait = WAIT.matcher(preferences);
        if (wait.find()) {
            return new WaitPreference(seconds(wait.group(1).trim()));
        }
        return new WaitPreference(preferences.contains("respond-async") ? 0 : DEFAULT_SECONDS);
    }

    private static int seconds(String text) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) > MOST_SECONDS) {
            throw new InvalidParameterException(
                    "Prefer", "must wait 0 to %d seconds, but was \"wait=%s\"".formatted(MOST_SECONDS, text));
        }
        return Integer.parseInt(text);
    }

    Duration toDuration() {
        return Duration.ofSeconds(seconds);
    }

    /** What is told to the client as applied. */
    @Override
    public String toString() {
        return seconds == 0 ? "respond-async" : "wait=" + seconds;
    }
}
