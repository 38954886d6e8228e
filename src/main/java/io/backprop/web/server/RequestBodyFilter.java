package io.backprop.web.server;

import static org.springframework.http.HttpHeaders.ACCEPT_ENCODING;
import static org.springframework.http.HttpHeaders.CONTENT_ENCODING;
import static org.springframework.http.HttpHeaders.CONTENT_LENGTH;
import static org.springframework.http.HttpHeaders.EXPECT;

import io.backprop.limits.ComputeBudget;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.RequestLimits;
import io.backprop.web.problem.ProblemType;
import io.backprop.web.problem.UnreadableBodyException;
import io.backprop.web.problem.ValueDescriptions;
import io.backprop.web.table.TableTypes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/**
 * Limits the size of request bodies, decompresses them, and counts the memory that JSON needs. A body whose length is
 * announced is rejected before it is read, so that a client that expects {@code 100-continue} does not send it.
 */
@ControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE) // other advices see the decompressed body
class RequestBodyFilter extends RequestBodyAdviceAdapter implements HandlerInterceptor, WebMvcConfigurer {

    private static final List<String> GZIP = List.of("gzip", "x-gzip"); // RFC 9110 §8.4.1.3
    private static final String DEFLATE = "deflate";
    private static final String IDENTITY = "identity";

    private static final int MEMORY_PER_BYTE = 4; // "1," becomes a float, and all floats are copied once
    private static final int MEMORY_PER_BODY = 1 << 14; // buffers of the parser
    private static final int COUNTED_AT_ONCE = 1 << 12; // bytes that usually come in one read
    private static final int BUFFERED_OF_STREAM = 1 << 16; // bytes

    private static final Duration MAX_SWALLOWING = Duration.ofSeconds(10);
    private static final int SWALLOWED_AT_ONCE = 1 << 13; // bytes

    private final RequestLimits limits;
    private final MemoryBudget memory;
    private final ComputeBudget compute;

    RequestBodyFilter(RequestLimits limits, MemoryBudget memory, ComputeBudget compute) {
        this.limits = limits;
        this.memory = memory;
        this.compute = compute;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws UnreadableBodyException {
        if (!(handler instanceof HandlerMethod method)) {
            return true; // a file or a redirect, whose handler reads no body; Spring would not translate the exception
        }
        requireSingleType(request.getContentType());
        long length = request.getContentLengthLong();
        String encoding = request.getHeader(CONTENT_ENCODING) == null
                ? IDENTITY
                : encoding(Collections.list(request.getHeaders(CONTENT_ENCODING)));
        if (length > limits.body().toBytes() || !encoding.equals(IDENTITY)) {
            requireSupported(encoding, response);
            boolean isTable = TableTypes.include(request.getContentType());
            long limit = limit(isTable || takesFile(method));
            if (length > limit) {
                throw new UnreadableBodyException(
                        ProblemType.BODY_TOO_LARGE,
                        "the body must have at most " + limit + " bytes, but has " + length);
            }
        }
        if (isCounted(length, encoding)) {
            memory.acquire(MEMORY_PER_BODY + MEMORY_PER_BYTE * length);
        }
        return true;
    }

    /** Whether the memory for a body has been counted before it is read. */
    private static boolean isCounted(long length, String encoding) {
        return length >= 0 && length <= COUNTED_AT_ONCE && encoding.equals(IDENTITY);
    }

    /**
     * Reads the rest of a body that was rejected early, for at most ten seconds: a client that still sends when the
     * connection is closed loses the response. Afterwards Tomcat reads up to {@code server.tomcat.max-swallow-size}.
     */
    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure)
            throws IOException {
        if (request.getInputStream().isFinished() || request.getHeader(EXPECT) != null) {
            return;
        }
        memory.current().release();
        compute.release();
        try {
            response.flushBuffer();
            boolean isStream = TableTypes.include(request.getContentType())
                    || (handler instanceof HandlerMethod method && takesFile(method));
            long limit = limit(isStream);
            InputStream rest = new LimitedStream(request.getInputStream(), limit, bytes -> {});
            byte[] buffer = new byte[SWALLOWED_AT_ONCE];
            long start = System.nanoTime();
            while (System.nanoTime() - start < MAX_SWALLOWING.toNanos() && rest.read(buffer) >= 0) {
                // the answer has been sent
            }
        } catch (IOException e) {
            // the client has disconnected, or is too slow
        }
    }

    /** Spring would fail with an unspecific exception. */
    private static void requireSingleType(@Nullable String type) throws UnreadableBodyException {
        if (type != null && type.indexOf('*') >= 0 && type.split(";", 2)[0].indexOf('*') >= 0) {
            throw new UnreadableBodyException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "the body's Content-Type must be a single type, but was " + ValueDescriptions.received(type));
        }
    }

    private static String encoding(List<String> headers) {
        String encoding = String.join(", ", headers).trim().toLowerCase(Locale.ROOT);
        return encoding.isEmpty() ? IDENTITY : encoding;
    }

    private static void requireSupported(String encoding, HttpServletResponse response) throws UnreadableBodyException {
        if (encoding.equals(IDENTITY) || encoding.equals(DEFLATE) || GZIP.contains(encoding)) {
            return;
        }
        response.setHeader(ACCEPT_ENCODING, "gzip, deflate"); // RFC 9110 §15.5.16
        throw new UnreadableBodyException(
                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                "the body's Content-Encoding must be gzip, deflate or none, but was "
                        + ValueDescriptions.received(encoding));
    }

    private long limit(boolean isStream) {
        return (isStream ? limits.stream() : limits.body()).toBytes();
    }

    /** Whether a controller's method reads the body itself, as it arrives. */
    private static boolean takesFile(HandlerMethod method) {
        return Arrays.stream(method.getMethodParameters()).anyMatch(RequestBodyFilter::isFile);
    }

    private static boolean isFile(MethodParameter body) {
        return body.getParameterType() == InputStreamResource.class;
    }

    @Override
    public boolean supports(MethodParameter body, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter body,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter)
            throws IOException {
        HttpHeaders headers = message.getHeaders();
        long length = headers.getContentLength();
        String encoding = encoding(headers.getOrEmpty(CONTENT_ENCODING));
        if (isCounted(length, encoding)) {
            return message;
        }
        boolean isTable = TableTypes.include(headers.getFirst(HttpHeaders.CONTENT_TYPE));
        MemoryBudget.Reservation reservation = memory.current();
        reservation.add(MEMORY_PER_BODY);
        boolean isStream = isTable || isFile(body);
        long limit = limit(isStream);
        LongConsumer counter =
                isStream ? bufferCounter(reservation) : bytes -> reservation.add(MEMORY_PER_BYTE * bytes);
        InputStream source = new BlockStream(message.getBody(), compute);
        if (encoding.equals(IDENTITY)) {
            return new Message(headers, new LimitedStream(source, limit, counter));
        }
        HttpHeaders decompressed = HttpHeaders.copyOf(headers);
        decompressed.remove(CONTENT_ENCODING);
        decompressed.remove(CONTENT_LENGTH);
        AtomicLong count = new AtomicLong();
        return new Message(
                decompressed,
                new LimitedStream(decompress(encoding, new LimitedStream(source, limit, bytes -> {})), limit, bytes -> {
                    counter.accept(bytes);
                    if (ComputeBudget.isLargeBody(count.addAndGet(bytes))) {
                        compute.acquire();
                    }
                }));
    }

    private InputStream decompress(String encoding, LimitedStream source) throws IOException {
        CompressionRatio ratio = new CompressionRatio(limits.compressionRatio());
        return encoding.equals(DEFLATE) ? DeflateBody.open(source, ratio) : GzipBody.open(source, ratio);
    }

    @Override
    public Object afterBodyRead(
            Object body,
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter) {
        compute.release(); // the rows of a table are read later
        return body;
    }

    /** Counts what is in buffers. Rows and parameters that are kept are counted where they are kept. */
    private static LongConsumer bufferCounter(MemoryBudget.Reservation reservation) {
        AtomicLong left = new AtomicLong(BUFFERED_OF_STREAM);
        return bytes -> {
            long counted = Math.min(bytes, left.get());
            if (counted > 0) {
                left.addAndGet(-counted);
                reservation.add(MEMORY_PER_BYTE * counted);
            }
        };
    }

    private record Message(HttpHeaders headers, InputStream body) implements HttpInputMessage {

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public InputStream getBody() {
            return body;
        }
    }
}
