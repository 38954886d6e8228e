package io.backprop.web.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketProcessorBase;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 whose clients must send and receive at a minimum rate. Tomcat's connection timeout restarts with every byte, so
 * that a client which sends a byte now and then could keep a connection, and with a body also a thread, for ever.
 */
public final class MinimumRateProtocol extends Http11NioProtocol { // public because Tomcat creates it by name
    /*
     * A request gets a thread, and a processor with its buffers, when it has arrived or has filled the connection's
     * buffer of 8 KB. Until then it costs no more than an idle connection.
     *
     * A client's delay is the time that the service has waited for it, less the time that the transferred bytes may take;
     * it is never negative. Waiting for the first byte of a request is free. A delay above the connection timeout ends the
     * request with 408. This covers request lines, headers, bodies, chunk headers, bodies that are swallowed, and
     * responses, because it is measured at the socket.
     *
     * When too many threads wait for their clients, the connection with the largest delay is ended at once, and likewise
     * of those without a thread when too many connections are open; of these, clients that are idle after a response go
     * last. The others always find a thread and a connection, also from the same address. SlowSendersTests holds these
     * rules.
     */

    private static final double MAX_WAITING = 0.8; // of all threads
    private static final double MAX_OPEN = 0.9; // of all connections, so that another is always accepted
    private static final long HEAP_PER_CONNECTION = 1 << 17; // eight times its buffers

    /*
     * Linux reports that a client has read when a third of this buffer is free, and a client reports it, over loopback, in
     * steps of 128 KB. By default, the buffer grows to megabytes, and a client that reads 20 KB/s would be disconnected
     * (SteadyReaderTests).
     */
    private static final int SEND_BUFFER = 1 << 17;

    private final Endpoint endpoint;

    public MinimumRateProtocol() {
        this(new Endpoint());
    }

    private MinimumRateProtocol(Endpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /**
     * Sets the limit and the response to requests that exceed it, before the start.
     *
     * @param minimumRate bytes per second
     */
    void configure(long minimumRate, byte[] timeoutResponse) {
        endpoint.nanosPerByte = TimeUnit.SECONDS.toNanos(1) / minimumRate;
        endpoint.timeoutResponse = timeoutResponse;
    }

    private static final class Endpoint extends NioEndpoint {

        private final AtomicInteger waiting = new AtomicInteger(); // threads
        private int maxWaiting;
        private long nanosPerByte;
        private long timeoutNanos;
        private byte[] timeoutResponse = {};

        Endpoint() {
            getSocketProperties().setBufferPool(0); // a channel serves one connection
            getSocketProperties().setTxBufSize(SEND_BUFFER);
        }

        @Override
        public void startInternal() throws Exception {
            long heap = Runtime.getRuntime().maxMemory();
            long configured = getMaxConnections() > 0 ? getMaxConnections() : Integer.MAX_VALUE;
            setMaxConnections((int) Math.min(configured, heap / HEAP_PER_CONNECTION));
            // numbers that are not positive mean that there is no limit, as with virtual threads
            maxWaiting = getMaxThreads() > 0 ? (int) (MAX_WAITING * getMaxThreads()) : Integer.MAX_VALUE;
            timeoutNanos =
                    getConnectionTimeout() > 0 ? TimeUnit.MILLISECONDS.toNanos(getConnectionTimeout()) : Long.MAX_VALUE;
            super.startInternal();
        }

        @Override
        protected NioChannel createChannel(SocketBufferHandler buffer) {
            return isSSLEnabled() ? super.createChannel(buffer) : new Channel(buffer, this);
        }

        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            if (connections.size() > MAX_OPEN * getMaxConnections()) {
                endSlowest(false);
            }
            return super.setSocketOptions(socket);
        }

        @Override
        protected SocketProcessorBase<NioChannel> createSocketProcessor(
                SocketWrapperBase<NioChannel> connection, SocketEvent event) {
            return new SocketProcessor(connection, event) {
                @Override
                protected void doRun() {
                    if (socketWrapper.getSocket() instanceof Channel channel) {
                        channel.thread = Thread.currentThread();
                        try {
                            if (canProcess(channel)) {
                                super.doRun();
                            }
                        } finally {
                            channel.thread = null;
                            channel.releaseThread();
                        }
                    } else {
                        super.doRun();
                    }
                }

                private boolean canProcess(Channel channel) {
                    if (socketWrapper.getCurrentProcessor() != null) {
                        return true; // a request is being processed
                    }
                    try {
                        if (event == SocketEvent.ERROR) {
                            throw new SocketTimeoutException();
                        }
                        if (event != SocketEvent.OPEN_READ || channel.readRequest()) {
                            return true;
                        }
                        socketWrapper.setReadTimeout(getConnectionTimeout());
                        socketWrapper.registerReadInterest();
                    } catch (SocketTimeoutException e) {
                        channel.respond(timeoutResponse);
                        socketWrapper.close();
                    } catch (IOException e) {
                        socketWrapper.close();
                    }
                    return false;
                }
            };
        }

        /** Ends the connection with the largest delay among those for which a thread waits, or among the others. */
        private void endSlowest(boolean withThread) {
            long now = System.nanoTime();
            long largest = Long.MIN_VALUE;
            @Nullable Channel slowest = null;
            for (SocketWrapperBase<NioChannel> connection : connections.values()) {
                if (connection.getSocket() instanceof Channel channel && channel.isWaiting(withThread)) {
                    long rank = channel.rank(now);
                    if (rank > largest) {
                        largest = rank;
                        slowest = channel;
                    }
                }
            }
            if (slowest != null) {
                slowest.end();
            }
        }
    }

    /** A connection. One thread at a time reads or writes, and any thread may end it. */
    private static final class Channel extends NioChannel {

        private final Endpoint endpoint;
        private final AtomicBoolean holdsThread = new AtomicBoolean(); // that waits
        private volatile @Nullable Thread thread; // that processes a request
        private volatile boolean isIdle = true; // no byte of the next request has arrived
        private volatile boolean hasResponded;
        private volatile boolean isWriting;
        private volatile long delay; // nanoseconds, without the current wait
        private volatile long waitingSince = System.nanoTime(); // 0 if not waiting
        private volatile boolean inputEnded;
        private volatile boolean outputEnded;

        Channel(SocketBufferHandler buffer, Endpoint endpoint) {
            super(buffer);
            this.endpoint = endpoint;
        }

        /** Reads what has arrived of the next request, and returns whether it can be processed. */
        boolean readRequest() throws IOException {
            bufHandler.configureReadBufferForWrite();
            ByteBuffer buffer = bufHandler.getReadBuffer();
            int count;
            do {
                count = read(buffer);
                if (count < 0 || !buffer.hasRemaining() || HttpRequests.isComplete(buffer)) {
                    return true;
                }
            } while (count > 0);
            socketWrapper.updateLastRead();
            return false;
        }

        /** Responds to the part of a request that has been read, if any. */
        void respond(byte[] response) {
            if (!bufHandler.isReadBufferEmpty()) {
                try {
                    sc.write(ByteBuffer.wrap(response));
                } catch (IOException e) {
                    // the client has disconnected
                }
            }
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (inputEnded) {
                throw new SocketTimeoutException();
            }
            if (isWriting) {
                isWriting = false;
                isIdle = true;
                delay = 0;
            }
            int count = super.read(target);
            if (count > 0) {
                transferred(count);
            } else if (count == 0) {
                startWaiting();
            }
            return count;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (outputEnded) {
                throw new SocketTimeoutException();
            }
            if (!isWriting) {
                isWriting = true;
                hasResponded = true;
                isIdle = false;
                delay = 0;
            }
            int count = super.write(source);
            if (count > 0) {
                transferred(count);
            } else if (source.hasRemaining()) {
                startWaiting();
            }
            return count;
        }

        private void startWaiting() {
            if (waitingSince == 0) {
                waitingSince = System.nanoTime();
            }
            boolean isHeld = Thread.currentThread() == thread; // events are sent by others
            if (isHeld && !holdsThread.getAndSet(true) && endpoint.waiting.incrementAndGet() > endpoint.maxWaiting) {
                endpoint.endSlowest(true);
            }
        }

        private void transferred(int bytes) throws SocketTimeoutException {
            long waited = 0;
            long since = waitingSince;
            if (since != 0) {
                waited = isIdle ? 0 : System.nanoTime() - since;
                waitingSince = 0;
                releaseThread();
            }
            if (isIdle) {
                isIdle = false;
            }
            if (waited != 0 || delay != 0) {
                delay = Math.max(0, delay + waited - bytes * endpoint.nanosPerByte);
                if (delay > endpoint.timeoutNanos) {
                    end();
                    throw new SocketTimeoutException();
                }
            }
        }

        void releaseThread() {
            if (holdsThread.getAndSet(false)) {
                endpoint.waiting.decrementAndGet();
            }
        }

        /** Whether the service is waiting for this client. */
        boolean isWaiting(boolean withThread) {
            NioEndpoint.NioSocketWrapper connection = socketWrapper;
            boolean isEnded = isWriting ? outputEnded : inputEnded;
            return !isEnded
                    && waitingSince != 0
                    && holdsThread.get() == withThread
                    && connection != null
                    && connection.interestOps() != 0;
        }

        /** The delay with the current wait. It is reduced so far that clients that are idle after a response go last. */
        long rank(long now) {
            long since = waitingSince;
            if (since == 0) {
                return Long.MIN_VALUE; // it has just sent something
            }
            long current = delay + now - since;
            return isIdle && hasResponded ? current - Long.MAX_VALUE / 2 : current;
        }

        /** Lets the current wait fail, and all later reads. A timeout of the input can still be reported to the client. */
        void end() {
            inputEnded = true;
            outputEnded |= isWriting;
            releaseThread();
            try {
                sc.shutdownInput(); // wakes the waiting thread
                if (outputEnded) {
                    sc.shutdownOutput();
                }
            } catch (IOException e) {
                // the client has disconnected
            }
        }
    }
}
