package io.backprop.web.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
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
     * responses, because it is measured at the socket. With TLS, the transferred bytes are those before encryption, and
     * Tomcat ends a handshake that takes longer than the connection timeout.
     *
     * When too many threads wait for their clients, the connection with the largest delay is ended at once, and likewise
     * of those without a thread when too many connections are open; of these, clients that are idle after a response go
     * last. The others always find a thread and a connection, also from the same address. SlowSendersTests holds these
     * rules.
     */

    private static final double MAX_WAITING = 0.8; // of all threads
    private static final double MAX_OPEN = 0.9; // of all connections, so that another is always accepted
    private static final long HEAP_PER_CONNECTION = 1 << 17; // eight times its buffers
    private static final long HEAP_PER_TLS_CONNECTION = 1 << 19; // five times its buffers, of 16 KB each

    private static final int TLS_RECORD = 17 << 10; // bytes, at least the size of the largest

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
            setMaxConnections((int)
                    Math.min(configured, heap / (isSSLEnabled() ? HEAP_PER_TLS_CONNECTION : HEAP_PER_CONNECTION)));
            if (isSSLEnabled()) {
                getSocketProperties().setAppReadBufSize(2 * TLS_RECORD);
            }
            // numbers that are not positive mean that there is no limit, as with virtual threads
            maxWaiting = getMaxThreads() > 0 ? (int) (MAX_WAITING * getMaxThreads()) : Integer.MAX_VALUE;
            timeoutNanos =
                    getConnectionTimeout() > 0 ? TimeUnit.MILLISECONDS.toNanos(getConnectionTimeout()) : Long.MAX_VALUE;
            super.startInternal();
        }

        @Override
        protected NioChannel createChannel(SocketBufferHandler buffer) {
            return isSSLEnabled() ? new TlsChannel(buffer, this) : new PlainChannel(buffer, this);
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
                    if (!(socketWrapper.getSocket() instanceof MeasuredChannel channel)) {
                        super.doRun(); // it has been closed
                        return;
                    }
                    Client client = channel.client();
                    client.thread = Thread.currentThread();
                    try {
                        if (canProcess(client)) {
                            super.doRun();
                        }
                    } finally {
                        client.thread = null;
                        client.releaseThread();
                    }
                }

                private boolean canProcess(Client client) {
                    if (socketWrapper.getCurrentProcessor() != null || !client.channel.isHandshakeComplete()) {
                        return true; // a request is being processed, or Tomcat continues the handshake
                    }
                    try {
                        if (event == SocketEvent.ERROR) {
                            throw new SocketTimeoutException();
                        }
                        if (event != SocketEvent.OPEN_READ || client.readRequest((NioSocketWrapper) socketWrapper)) {
                            return true;
                        }
                        socketWrapper.setReadTimeout(getConnectionTimeout());
                        socketWrapper.registerReadInterest();
                    } catch (SocketTimeoutException e) {
                        client.respond(timeoutResponse);
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
            @Nullable Client slowest = null;
            for (SocketWrapperBase<NioChannel> connection : connections.values()) {
                if (connection.getSocket() instanceof MeasuredChannel channel
                        && channel.client().isWaiting(withThread)
                        && ((NioSocketWrapper) connection).interestOps() != 0) {
                    long rank = channel.client().rank(now);
                    if (rank > largest) {
                        largest = rank;
                        slowest = channel.client();
                    }
                }
            }
            if (slowest != null) {
                slowest.end();
            }
        }
    }

    /** A channel that measures how long the service waits for its client. */
    private interface MeasuredChannel {

        Client client();
    }

    private static final class PlainChannel extends NioChannel implements MeasuredChannel {

        private final Client client;

        PlainChannel(SocketBufferHandler buffer, Endpoint endpoint) {
            super(buffer);
            this.client = new Client(this, 1, endpoint);
        }

        @Override
        public Client client() {
            return client;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            client.beforeRead();
            int count = super.read(target);
            client.afterRead(count);
            return count;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            client.beforeWrite();
            int count = super.write(source);
            client.afterWrite(count, source.hasRemaining());
            return count;
        }
    }

    private static final class TlsChannel extends SecureNioChannel implements MeasuredChannel {

        private final Client client;

        TlsChannel(SocketBufferHandler buffer, Endpoint endpoint) {
            super(buffer, endpoint);
            this.client = new Client(this, TLS_RECORD, endpoint);
        }

        @Override
        public Client client() {
            return client;
        }

        /** Also reads the first request, which may have arrived with the end of the handshake. */
        @Override
        public int handshake(boolean isReadable, boolean isWritable) throws IOException {
            int interest = super.handshake(isReadable, isWritable);
            return interest == 0 && !client.readRequest(socketWrapper) ? SelectionKey.OP_READ : interest;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            client.beforeRead();
            int count = super.read(target);
            client.afterRead(count);
            return count;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            client.beforeWrite();
            int count = super.write(source);
            client.afterWrite(count, source.hasRemaining() || getOutboundRemaining() > 0);
            return count;
        }
    }

    /** The client of a connection. One thread at a time reads or writes, and any thread may end the connection. */
    private static final class Client {

        private final NioChannel channel;
        private final int minimumSpace; // bytes, for a read of the next request
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

        Client(NioChannel channel, int minimumSpace, Endpoint endpoint) {
            this.channel = channel;
            this.minimumSpace = minimumSpace;
            this.endpoint = endpoint;
        }

        /** Reads what has arrived of the next request, and returns whether it can be processed. */
        boolean readRequest(NioEndpoint.NioSocketWrapper connection) throws IOException {
            thread = null; // it does not wait
            channel.getBufHandler().configureReadBufferForWrite();
            ByteBuffer buffer = channel.getBufHandler().getReadBuffer();
            int count;
            do {
                count = channel.read(buffer);
                if (count > 0) {
                    connection.updateLastRead();
                }
            } while (count > 0 && buffer.remaining() >= minimumSpace && !HttpRequests.isComplete(buffer));
            if (count == 0) {
                return false;
            }
            thread = Thread.currentThread();
            return true;
        }

        /** Responds to the part of a request that has been read, if any. */
        void respond(byte[] response) {
            if (!channel.getBufHandler().isReadBufferEmpty()) {
                try {
                    channel.write(ByteBuffer.wrap(response));
                } catch (IOException e) {
                    // the client has disconnected
                }
            }
        }

        void beforeRead() throws SocketTimeoutException {
            if (inputEnded) {
                throw new SocketTimeoutException();
            }
            if (isWriting) {
                isWriting = false;
                isIdle = true;
                delay = 0;
            }
        }

        void afterRead(int count) throws SocketTimeoutException {
            if (count > 0) {
                transferred(count);
            } else if (count == 0) {
                startWaiting();
            }
        }

        void beforeWrite() throws SocketTimeoutException {
            if (outputEnded) {
                throw new SocketTimeoutException();
            }
            if (!isWriting) {
                isWriting = true;
                hasResponded = true;
                isIdle = false;
                delay = 0;
            }
        }

        void afterWrite(int count, boolean isIncomplete) throws SocketTimeoutException {
            if (count > 0 || !isIncomplete) {
                transferred(count);
            } else {
                startWaiting();
            }
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
            boolean isEnded = isWriting ? outputEnded : inputEnded;
            return !isEnded && waitingSince != 0 && holdsThread.get() == withThread;
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
            SocketChannel socket = channel.getIOChannel();
            if (socket == null) {
                return; // it has just been closed
            }
            try {
                socket.shutdownInput(); // wakes the waiting thread
                if (outputEnded) {
                    socket.shutdownOutput();
                }
            } catch (IOException e) {
                // the client has disconnected
            }
        }
    }
}
