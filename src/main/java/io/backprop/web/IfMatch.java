package io.backprop.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;

/** What a client knows of a resource that it wants to be changed only if it is still so (RFC 9110 §13.1.1). */
public record IfMatch(List<ETag> tags) {

    /** Of the header; without it anything will do. */
    public static IfMatch parse(@Nullable String header) {
        return new IfMatch(ETag.parse(header == null ? "*" : header));
    }

    /** Whether a resource is as it should be. */
    public boolean accepts(String etag) {
        return tags.stream()
                .anyMatch(tag -> tag.isWildcard() || (!tag.weak() && tag.tag().equals(etag)));
    }
}
