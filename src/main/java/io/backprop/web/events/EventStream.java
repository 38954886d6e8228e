package io.backprop.web.events;

import io.backprop.web.server.AbortValve;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to one client as fast as it reads them. A client that reads slowly skips states, and one that does not read is
 * disconnected after the server's write timeout ({@code server.tomcat.connection-timeout}).
 */
final class EventStream<T> implements Consumer<T>, WriteListener, AsyncListener {
    /*
     * Writes do not block: the thread that reports states writes if the client is ready; otherwise the
     * server calls onWritePossible once it is. So no thread belongs to a stream, and no client delays others
     * (SlowListenerTests, EventsShutdownTests).
     */

    private static final Logger log = LoggerFactory.getLogger(EventStream.class);

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final EventSequence<T> events;
    private final Consumer<EventStream<?>> closed;
    private final Runnable abort;
    private final String path;
    private @Nullable Runnable unsubscribe;
    private T latest;
    private boolean isStarted; // the server has called onWritePossible
    private boolean isBlocked; // the server calls it again once the client has read
    private boolean isFlushed = true;
    private boolean isClosed;

    /** @param closed is called once when the stream ends */
    EventStream(AsyncContext async, EventSequence<T> events, T first, Consumer<EventStream<?>> closed)
            throws IOException {
        this.async = async;
        this.out = async.getResponse().getOutputStream();
        this.events = events;
        this.latest = first;
        this.closed = closed;
        this.abort = AbortValve.of(async.getRequest());
        this.path = ((HttpServletRequest) async.getRequest()).getRequestURI();
    }

    /** Starts to send. */
    synchronized void start(Runnable newUnsubscribe) {
        unsubscribe = newUnsubscribe;
        async.setTimeout(0);
        async.addListener(this);
        out.setWriteListener(this);
    }

    @Override
    public synchronized void accept(T state) {
        latest = state;
        send();
    }

    @Override
    public synchronized void onWritePossible() {
        isStarted = true;
        send();
    }

    private void send() {
        try {
            while (isStarted && !isClosed) {
                isBlocked = !out.isReady();
                if (isBlocked) {
                    return;
                } else if (!isFlushed) {
                    out.flush();
                    isFlushed = true;
                } else if (events.isComplete()) {
                    close();
                    async.complete();
                } else {
                    String event = events.next(latest);
                    if (event == null) {
                        return;
                    }
                    out.write(event.getBytes(StandardCharsets.UTF_8));
                    isFlushed = false;
                }
            }
        } catch (IOException e) {
            onError(e); // Tomcat ends the request: its CLOSE_NOW is followed by an ERROR dispatch
        } catch (RuntimeException e) {
            log.error("The events of {} can't be sent", path, e);
            close();
            abort.run();
        }
    }

    /** Ends the stream without waiting for the client. */
    synchronized void stop() {
        if (isClosed) {
            return;
        }
        boolean hasUnsentData = isBlocked || !isFlushed;
        close();
        if (hasUnsentData) {
            abort.run();
        } else {
            async.complete();
        }
    }

    private void close() {
        if (!isClosed) {
            isClosed = true;
            if (unsubscribe != null) {
                unsubscribe.run();
            }
            closed.accept(this);
        }
    }

    @Override
    public synchronized void onError(Throwable failure) {
        log.debug("A listener to {} has gone: {}", path, failure.getMessage());
        close();
    }

    @Override
    public synchronized void onError(AsyncEvent event) {
        close();
    }

    @Override
    public synchronized void onComplete(AsyncEvent event) {
        close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {} // there is none

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
