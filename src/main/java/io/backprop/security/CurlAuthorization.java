package io.backprop.security;

import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** What a command with curl needs besides its URL, for the log. It names where a key is, and never contains one. */
@Component
class CurlAuthorization {

    private final String option;

    CurlAuthorization(Protection protection, ApiKeys keys) {
        Path file = keys.generatedFile();
        String key = file == null ? "$KEY" : "$(cat '%s')".formatted(file);
        option = protection == Protection.KEYS ? " -H \"Authorization: Bearer " + key + "\"" : "";
    }

    /** Returns an option after a space; empty if requests need no key. */
    String option() {
        return option;
    }
}
