package io.backprop.web.server;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A request whose body may be read up to a limit, whatever it says about its length. */
class CountedRequest extends HttpServletRequestWrapper {

    private final long limit;
    private final LongConsumer reading;
    private @Nullable ServletInputStream body;

    /** @param reading told of the bytes of each part */
    CountedRequest(HttpServletRequest request, long limit, LongConsumer reading) {
        super(request);
        this.limit = limit;
        this.reading = reading;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            ServletInputStream source = super.getInputStream();
            body = new Body(source, open(source));
        }
        return body;
    }

    InputStream open(InputStream source) {
        return new CountedStream(source, limit, reading);
    }

    @Override
    public BufferedReader getReader() throws IOException {
        String encoding = getCharacterEncoding();
        Charset charset = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
        return new BufferedReader(new InputStreamReader(getInputStream(), charset));
    }

    private static final class Body extends ServletInputStream {

        private final ServletInputStream source;
        private final InputStream counted;

        Body(ServletInputStream source, InputStream counted) {
            this.source = source;
            this.counted = counted;
        }

        @Override
        public int read() throws IOException {
            return counted.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return counted.read(buffer, offset, length);
        }

        @Override
        public boolean isFinished() {
            return source.isFinished();
        }

        @Override
        public boolean isReady() {
            return source.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            source.setReadListener(listener);
        }
    }
}
