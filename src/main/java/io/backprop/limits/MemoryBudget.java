package io.backprop.limits;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.stereotype.Component;

/** The part of the heap that requests and trainings share; the service itself and the cached models use the rest. */
@Component
public class MemoryBudget {
    /*
     * RequestLimits bounds the memory of one request, but several requests within their limits could still exhaust the
     * heap, and then any thread may fail, including the server's own. Memory is counted when it is used, not when a
     * client announces it. When memory is scarce, the largest request continues into a reserve while the others are
     * rejected: if all were rejected, none of them might ever complete. A request that comes alone is never rejected,
     * nor is a small one, which finds room beside the reserve. MemoryTests and MemoryBudgetTests hold these rules.
     */

    private static final double SHARE_OF_HEAP = 0.6; // cached models take a quarter, the service some 40 MB
    private static final double SHARE_WITH_RESERVE = 0.75;
    private static final long SMALL = 1 << 20; // bytes

    private final long total; // bytes
    private final long totalWithReserve;
    private final ObjectProvider<Reservation> currentRequest;
    private final AtomicLong used = new AtomicLong();
    private final Set<Reservation> requests = ConcurrentHashMap.newKeySet();

    @Autowired
    MemoryBudget(ObjectProvider<Reservation> currentRequest) {
        this(
                (long) (SHARE_OF_HEAP * Runtime.getRuntime().maxMemory()),
                (long) (SHARE_WITH_RESERVE * Runtime.getRuntime().maxMemory()),
                currentRequest);
    }

    MemoryBudget(long total, long totalWithReserve, ObjectProvider<Reservation> currentRequest) {
        this.total = total;
        this.totalWithReserve = totalWithReserve;
        this.currentRequest = currentRequest;
    }

    /**
     * Counts memory that the current request is about to use, until the request completes. Small amounts are not counted.
     *
     * @throws MemoryBusyException if not enough is left at the moment
     */
    public void acquire(long bytes) {
        if (bytes > SMALL) {
            forRequest().add(bytes);
        }
    }

    /** The reservation of the current request, for memory that is used bit by bit. Spring closes it with the request. */
    public Reservation forRequest() {
        return currentRequest.getObject();
    }

    /** Counts memory that is already in use and therefore cannot be refused, until the caller closes the reservation. */
    public Reservation hold(long bytes) {
        Reservation reservation = new Reservation();
        reservation.bytes = bytes;
        used.addAndGet(bytes);
        return reservation;
    }

    @Bean
    @Scope("request")
    Reservation requestReservation() {
        Reservation reservation = new Reservation();
        requests.add(reservation);
        return reservation;
    }

    /** The memory that one request or training uses. Not thread-safe. */
    public final class Reservation implements AutoCloseable {

        private volatile long bytes;

        private Reservation() {}

        /**
         * Counts memory before it is allocated, or with a negative number once it is free.
         *
         * @throws MemoryBusyException if not enough is left at the moment
         */
        public void add(long more) {
            long all = used.addAndGet(more);
            long own = bytes + more;
            bytes = own;
            boolean scarce = all > total && all > own;
            if (more > 0 && own > SMALL && scarce && (all > totalWithReserve || !isLargest())) {
                throw new MemoryBusyException();
            }
        }

        private boolean isLargest() {
            return requests.stream().noneMatch(other -> other.bytes > bytes);
        }

        /** Releases everything so far; more may be added afterwards. */
        public void release() {
            used.addAndGet(-bytes);
            bytes = 0;
        }

        @Override
        public void close() {
            requests.remove(this);
            release();
        }
    }
}
