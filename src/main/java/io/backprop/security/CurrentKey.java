package io.backprop.security;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** The key with which the current request is authenticated. */
public final class CurrentKey {

    private CurrentKey() {}

    /** Returns the name of the key, or null if the request needs none. */
    public static @Nullable String name() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication == null ? null : authentication.getName();
    }
}
