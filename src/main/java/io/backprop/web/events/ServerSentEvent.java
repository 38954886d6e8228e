package io.backprop.web.events;

import org.jspecify.annotations.Nullable;

/**
 * An event for a client.
 *
 * @param id what the client sends as {@code Last-Event-ID} when it resumes; null to keep the last one
 * @param data is written as JSON
 * @param isLast whether the stream ends with it
 */
public record ServerSentEvent(@Nullable String id, String name, Object data, boolean isLast) {}
