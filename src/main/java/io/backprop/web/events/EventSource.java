package io.backprop.web.events;

import org.jspecify.annotations.Nullable;

/** The events of something that changes, for one client. */
@FunctionalInterface
public interface EventSource<T> {

    /**
     * Returns the next event; null if there is none at this time.
     *
     * @param latest the state of what is followed. It is passed again until it has no more events
     */
    @Nullable
    ServerSentEvent next(T latest);
}
