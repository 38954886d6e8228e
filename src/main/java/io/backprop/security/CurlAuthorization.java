package io.backprop.security;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What a command with curl needs besides its URL, for the log. It names where a key is, and never contains one. */
@Component
class CurlAuthorization {

    private final String option;

    CurlAuthorization(Protection protection, ApiProperties properties, ObjectProvider<GeneratedKeyStore> store) {
        if (protection != Protection.KEYS) {
            option = "";
        } else if (!ApiKeys.from(properties).isEmpty()) {
            option = " -H \"Authorization: Bearer $KEY\"";
        } else {
            option = " -H \"Authorization: Bearer $(cat '%s')\"".formatted(GeneratedKey.file(store.getObject()));
        }
    }

    /** Returns an option after a space; empty if requests need no key. */
    String option() {
        return option;
    }
}
