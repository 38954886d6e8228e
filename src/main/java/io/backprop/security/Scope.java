package io.backprop.security;

import java.util.Locale;

/** What a key permits. Each scope includes those before it. */
enum Scope {
    PREDICT,
    TRAIN,
    ADMIN;

    boolean includes(Scope other) {
        return compareTo(other) >= 0;
    }

    /** Returns the scope as it is written in keys and in the OpenAPI document. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
