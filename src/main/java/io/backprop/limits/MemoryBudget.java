package io.backprop.limits;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The part of the heap that requests and trainings share; the service itself and the cached models use the rest. */
@Component
public class MemoryBudget {
    /*
     * RequestLimits bounds the memory of one request, but several requests within their limits could still exhaust the
     * heap, and then any thread may fail, including the server's own. Each request and each training therefore has a
     * reservation, which counts what is about to be allocated for it and is closed at its end. Memory is counted when it
     * is needed, not when a client announces it.
     *
     * Reservations are in one of three classes by what they have reserved so far, and each class has its own share of the
     * heap: tiny requests are served while medium ones are refused, and medium ones while large ones are. When large ones
     * exhaust their share, the largest continues into a reserve while the others are refused: if all were refused, none
     * of them might ever complete. A large one that is alone among the large ones is never refused.
     *
     * A model counts besides, once, while a reservation uses it, since it may have left the cache. This is never refused:
     * loading the model was, or was not.
     *
     * Nothing here is slow enough to show in the time of a small request: two additions and a lookup in a thread-local.
     * MemoryBudgetTests states these rules, MemoryTests and MemoryLoadTests show that the heap suffices.
     */

    private static final long MAX_TINY = 1 << 16; // bytes
    private static final long MAX_MEDIUM = 1 << 20;
    private static final long MIN_MODEL = 1 << 17; // smaller models are not worth counting

    private static final double SHARE_OF_TINY = 0.06; // cached models take a quarter, the service some 40 MB
    private static final double SHARE_OF_MEDIUM = 0.06;
    private static final double SHARE_OF_LARGE = 0.5;
    private static final double SHARE_OF_LARGE_WITH_RESERVE = 0.62;

    private final SizeClass tiny;
    private final SizeClass medium;
    private final SizeClass large;
    private final long reserve; // bytes of all large ones that only the largest may exceed their limit by
    private final Set<Reservation> largeOnes = ConcurrentHashMap.newKeySet();
    private final Map<Object, Integer> usersOfModels = new IdentityHashMap<>(); // guarded by itself
    private final AtomicLong models = new AtomicLong(); // bytes
    private final ThreadLocal<Reservation> current = new ThreadLocal<>();

    @Autowired
    MemoryBudget() {
        this(Runtime.getRuntime().maxMemory());
    }

    MemoryBudget(long heap) {
        tiny = new SizeClass((long) (SHARE_OF_TINY * heap));
        medium = new SizeClass((long) (SHARE_OF_MEDIUM * heap));
        large = new SizeClass((long) (SHARE_OF_LARGE * heap));
        reserve = (long) ((SHARE_OF_LARGE_WITH_RESERVE - SHARE_OF_LARGE) * heap);
    }

    /** Reservations of similar size. */
    private record SizeClass(long limit, AtomicLong used) {
        SizeClass(long limit) {
            this(limit, new AtomicLong());
        }
    }

    /** Begins a request or training in this thread. Until the reservation is closed, it is the thread's current one. */
    public Reservation begin() {
        Reservation reservation = new Reservation(true);
        current.set(reservation);
        return reservation;
    }

    /** The reservation of this thread's request or training; one that counts nothing if the thread has none. */
    public Reservation current() {
        Reservation reservation = current.get();
        return reservation == null ? new Reservation(false) : reservation;
    }

    /**
     * Counts memory that the current request is about to use, until the request ends.
     *
     * @throws MemoryBusyException if not enough is left at the moment
     */
    public void acquire(long bytes) {
        current().add(bytes);
    }

    /** The memory that one request or training uses. Any thread may work for it. */
    public final class Reservation implements AutoCloseable {

        private final boolean counted;
        private SizeClass sizeClass = tiny;
        private volatile long bytes;
        private @Nullable List<Model> used;

        private Reservation(boolean counted) {
            this.counted = counted;
        }

        private record Model(Object model, long bytes) {}

        /**
         * Counts memory before it is allocated, or with a negative number once it is free.
         *
         * @throws MemoryBusyException if not enough is left at the moment; nothing more is counted then
         */
        public synchronized void add(long more) {
            if (counted) {
                move(bytes + more, more > 0);
            }
        }

        private void move(long next, boolean refusable) {
            SizeClass to = next <= MAX_TINY ? tiny : next <= MAX_MEDIUM ? medium : large;
            long change = to == sizeClass ? next - bytes : next;
            long all = to.used.addAndGet(change);
            boolean fits = to == large ? fitsAmongLarge(all, next) : all <= to.limit;
            if (refusable && !fits) {
                to.used.addAndGet(-change);
                throw new MemoryBusyException();
            }
            if (to != sizeClass) {
                sizeClass.used.addAndGet(-bytes);
                if (to == large) {
                    largeOnes.add(this);
                } else {
                    largeOnes.remove(this);
                }
                sizeClass = to;
            }
            bytes = next;
        }

        private boolean fitsAmongLarge(long all, long own) {
            long allAndModels = all + models.get();
            return all == own
                    || allAndModels <= large.limit
                    || (allAndModels <= large.limit + reserve && isLargest(own));
        }

        private boolean isLargest(long own) {
            return largeOnes.stream().noneMatch(other -> other != this && other.bytes > own);
        }

        /** Counts a model, once for all who use it at the same time. */
        public synchronized void use(Object model, long size) {
            if (counted && size >= MIN_MODEL && !isUsing(model)) {
                used = used == null ? new ArrayList<>(1) : used;
                used.add(new Model(model, size));
                synchronized (usersOfModels) {
                    if (usersOfModels.merge(model, 1, Integer::sum) == 1) {
                        models.addAndGet(size);
                    }
                }
            }
        }

        private boolean isUsing(Object model) {
            return used != null && used.stream().anyMatch(other -> other.model == model);
        }

        /** Releases everything so far; more may be added afterwards. */
        public synchronized void release() {
            if (bytes > 0) {
                move(0, false);
            }
            if (used != null) {
                used.forEach(this::stopUsing);
                used = null;
            }
        }

        private void stopUsing(Model model) {
            synchronized (usersOfModels) {
                if (usersOfModels.merge(model.model, -1, (users, change) -> users == 1 ? null : users + change)
                        == null) {
                    models.addAndGet(-model.bytes);
                }
            }
        }

        @Override
        public void close() {
            release();
            if (current.get() == this) {
                current.remove();
            }
        }
    }
}
