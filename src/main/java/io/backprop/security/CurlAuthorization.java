package io.backprop.security;

import org.springframework.stereotype.Component;

/** What a command with curl needs besides its URL, for the log. It names where a key is, and never contains one. */
@Component
public class CurlAuthorization {

    private final Protection protection;

    CurlAuthorization(Protection protection) {
        this.protection = protection;
    }

    /** Returns an option after a space; empty if requests need no key. */
    public String option() {
        return protection == Protection.KEYS ? " -H \"Authorization: Bearer $KEY\"" : "";
    }
}
