package io.backprop.web;

import io.backprop.web.problem.FieldProblem;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.ValueDescriptions;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;

/** The ETags of a resource that permit a change, from the header {@code If-Match} (RFC 9110 §13.1.1). */
public record IfMatch(List<ETag> tags) {

    private static final String ETAG = "(?:W/)?\"[^\"]*+\"";
    private static final Pattern FORM = Pattern.compile("\\*|" + ETAG + "(?:\\s*+,\\s*+" + ETAG + ")*+");

    /** Parses the header. Without one, every ETag is accepted. */
    public static IfMatch parse(@Nullable String header) {
        if (header == null) {
            return parse("*");
        }
        if (!FORM.matcher(header.strip()).matches()) {
            throw ProblemType.UNREADABLE_PARAMETER.exception(FieldProblem.parameter(
                    HttpHeaders.IF_MATCH,
                    "must be * or ETags in quotes, but was " + ValueDescriptions.received(header)));
        }
        return new IfMatch(ETag.parse(header));
    }

    /** Whether a resource with this ETag may be changed. */
    public boolean accepts(String etag) {
        return tags.stream()
                .anyMatch(tag -> tag.isWildcard() || (!tag.weak() && tag.tag().equals(etag)));
    }
}
