package io.backprop.web.server;

import static org.springframework.http.HttpHeaders.CONTENT_ENCODING;
import static org.springframework.http.HttpHeaders.CONTENT_LENGTH;

import jakarta.servlet.http.HttpServletRequest;
import java.io.InputStream;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** A request whose body is gzip: looks as if it had been sent as what comes out of it. */
final class UnpackedRequest extends CountedRequest implements AutoCloseable {

    private final long limit;
    private @Nullable GzipStream gzip;

    UnpackedRequest(HttpServletRequest request, long limit) {
        super(request, limit, bytes -> {});
        this.limit = limit;
    }

    /** Counts what comes out, and what goes in as well, since nothing may ever come out of it. */
    @Override
    InputStream open(InputStream source) {
        gzip = new GzipStream(super.open(source));
        return new CountedStream(gzip, limit, bytes -> {});
    }

    @Override
    public int getContentLength() {
        return -1;
    }

    @Override
    public long getContentLengthLong() {
        return -1;
    }

    @Override
    public @Nullable String getHeader(String name) {
        return isAboutGzip(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isAboutGzip(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                .filter(name -> !isAboutGzip(name))
                .toList());
    }

    private static boolean isAboutGzip(String header) {
        return header.equalsIgnoreCase(CONTENT_ENCODING) || header.equalsIgnoreCase(CONTENT_LENGTH);
    }

    /** Gives back memory that is not the heap's. */
    @Override
    public void close() {
        if (gzip != null) {
            gzip.end();
        }
    }
}
