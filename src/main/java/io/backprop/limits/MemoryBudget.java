package io.backprop.limits;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The part of the heap that requests and trainings share for what they send and make, so that the service keeps the rest. */
@Component
public class MemoryBudget {
    /*
     * The limits bound what one request may take; together, requests that are each within them could still take all of the
     * heap, and then any thread might meet the error, the server's own among them. Memory is counted as it is taken, so that
     * nobody keeps it from others by a body that he announces and does not send. Where it gets scarce, the largest request
     * goes on into a reserve while the others are refused: if each were, none might ever come to its end.
     *
     * Whoever comes alone is never refused here: what a single request may take is the limits' business. Nor are small
     * requests, which find room beside the reserve.
     */

    private static final double SHARE_OF_HEAP = 0.6; // models take a quarter, the service itself some 40 MB
    private static final double SHARE_WITH_RESERVE = 0.75;
    private static final long SMALL = 1 << 20; // bytes

    private static final ThreadLocal<@Nullable Share> CURRENT = new ThreadLocal<>();

    private final long total; // bytes
    private final long totalWithReserve;
    private final AtomicLong taken = new AtomicLong();
    private final Set<Share> open = ConcurrentHashMap.newKeySet();

    @Autowired
    MemoryBudget() {
        this((long) (SHARE_OF_HEAP * Runtime.getRuntime().maxMemory()), (long)
                (SHARE_WITH_RESERVE * Runtime.getRuntime().maxMemory()));
    }

    MemoryBudget(long total, long totalWithReserve) {
        this.total = total;
        this.totalWithReserve = totalWithReserve;
    }

    /** A share for what this thread takes until it closes it. */
    public Share open() {
        Share share = new Share();
        open.add(share);
        CURRENT.set(share);
        return share;
    }

    /** A share for what is in memory already, and so can't be refused. */
    public Share hold(long bytes) {
        Share share = new Share();
        share.bytes = bytes;
        taken.addAndGet(bytes);
        return share;
    }

    /**
     * To be called before so much memory is taken on behalf of this thread's request; without one nothing is counted.
     *
     * @param bytes negative for what is free again
     * @throws MemoryBusyException if there is not so much left at the moment
     */
    public void take(long bytes) {
        Share share = CURRENT.get();
        if (share != null) {
            share.take(bytes);
        }
    }

    /** Tells that nothing is left in memory of what this thread's request has taken. */
    public void giveBack() {
        Share share = CURRENT.get();
        if (share != null) {
            share.take(-share.bytes);
        }
    }

    /** What one request or training has taken; used by one thread. */
    public final class Share implements AutoCloseable {

        private volatile long bytes;

        private void take(long more) {
            long all = taken.addAndGet(more);
            long own = bytes + more;
            bytes = own;
            boolean scarce = all > total && all > own;
            if (more > 0 && own > SMALL && scarce && (all > totalWithReserve || !isLargest())) {
                throw new MemoryBusyException();
            }
        }

        private boolean isLargest() {
            return open.stream().noneMatch(other -> other.bytes > bytes);
        }

        @Override
        public void close() {
            open.remove(this);
            taken.addAndGet(-bytes);
            bytes = 0;
            if (CURRENT.get() == this) {
                CURRENT.remove();
            }
        }
    }
}
