package io.backprop.limits;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
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
     * What a reservation has in total decides whether it finds room. Up to 32 KiB are not counted, since the number of
     * threads bounds how many such requests there are. All others share the budget. When it is exhausted, those of up to
     * 1 MiB use a second one, so that they are served while large ones are refused. Of the large ones, the largest
     * continues into a reserve: if all were refused, none of them might ever complete. A large one is never refused while
     * there is no other.
     *
     * A model is counted, once, while reservations use it, because it may have left the cache. This is never refused,
     * but loading the model may have been.
     *
     * MemoryBudgetTests states these rules; MemoryTests and MemoryLoadTests show that the heap suffices.
     */

    private static final long MAX_SMALL = 1 << 15; // bytes
    private static final long MAX_MEDIUM = 1 << 20;
    private static final long MIN_MODEL = 1 << 17; // smaller models are not counted

    private static final double SHARE_OF_HEAP = 0.75; // cached models take the rest
    private static final long SERVICE_BYTES = 80 << 20; // of hundreds of connections and small requests as well
    private static final double MIN_SHARE_OF_HEAP = 0.25;
    private static final double SHARE_OF_ALL = 0.65;
    private static final double SHARE_OF_MEDIUM = 0.15;
    private static final double SHARE_OF_LARGEST = 0.2;

    private static final long CONNECTION_BYTES = 100_000; // Tomcat's buffers for a request in progress

    private static final ThreadLocal<Reservation> CURRENT = new ThreadLocal<>();

    private final long limit; // bytes
    private final long limitOfMedium;
    private final long limitWithLargest;
    private final long limitOfTraining;
    private final AtomicLong small = new AtomicLong(); // not limited
    private final AtomicLong medium = new AtomicLong();
    private final AtomicLong large = new AtomicLong();
    private final Set<Reservation> largeReservations = ConcurrentHashMap.newKeySet();
    private final IdentityHashMap<Object, Integer> usersOfModels = new IdentityHashMap<>(); // guarded by itself
    private final AtomicLong models = new AtomicLong(); // bytes

    @Autowired
    MemoryBudget() {
        this(
                budget(Runtime.getRuntime().maxMemory(), SERVICE_BYTES),
                budget(Runtime.getRuntime().maxMemory(), SERVICE_BYTES / 2));
    }

    private static long budget(long heap, long own) {
        return (long) Math.max(SHARE_OF_HEAP * heap - own, MIN_SHARE_OF_HEAP * heap);
    }

    /**
     * @param total bytes that all may use together
     * @param ofTraining bytes that a training may use if nothing else does
     */
    public MemoryBudget(long total, long ofTraining) {
        limit = (long) (SHARE_OF_ALL * total);
        limitOfMedium = (long) (SHARE_OF_MEDIUM * total);
        limitWithLargest = (long) ((SHARE_OF_ALL + SHARE_OF_LARGEST) * total);
        limitOfTraining = ofTraining;
    }

    /** The bytes that are in use, except those of small requests. */
    long used() {
        return medium.get() + large.get() + models.get();
    }

    /** The bytes beyond which only small requests, and the largest of the large ones, find room. */
    long limit() {
        return limit;
    }

    /** The number of connections that may wait without a thread by default, so that they use up to 5 % of the heap. */
    public static int waitingConnections(int most) {
        long fitting = Runtime.getRuntime().maxMemory() / 20 / CONNECTION_BYTES;
        return (int) Math.max(1, Math.min(most, fitting));
    }

    /** Begins a request or training in this thread. Until the reservation is closed, it is the thread's current one. */
    public Reservation begin() {
        Reservation reservation = new Reservation(true);
        CURRENT.set(reservation);
        return reservation;
    }

    /** The reservation of this thread's request or training; one that counts nothing if the thread has none. */
    public Reservation current() {
        Reservation reservation = CURRENT.get();
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

    /**
     * Rejects a training that would not find enough memory even if it were alone.
     *
     * @param field the field that determines the memory
     */
    public void requirePossible(String field, long bytes) {
        if (bytes > limitOfTraining) {
            throw new LimitExceededException(
                    field,
                    "a training may need at most %d MB of memory (a cross-validation needs its examples three times), but"
                                    .formatted(limitOfTraining >> 20)
                            + " this one would need %d MB".formatted(bytes >> 20));
        }
    }

    /** The memory that one request or training uses. Any thread may work for it. */
    public final class Reservation implements AutoCloseable {

        private final boolean counted;
        private AtomicLong all = small; // those of similar size
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
            AtomicLong from = all;
            AtomicLong to = next <= MAX_SMALL ? small : next <= MAX_MEDIUM ? medium : large;
            from.addAndGet(-bytes);
            long allNext = to.addAndGet(next);
            if (refusable && to != small && !fits(to, allNext, next)) {
                to.addAndGet(-next);
                from.addAndGet(bytes);
                throw new MemoryBusyException();
            }
            if (to == large) {
                largeReservations.add(this);
            } else if (from == large) {
                largeReservations.remove(this);
            }
            all = to;
            bytes = next;
        }

        private boolean fits(AtomicLong to, long allNext, long next) {
            long total = used();
            if (total <= limit) {
                return true;
            }
            return to == medium
                    ? allNext <= limitOfMedium
                    : allNext == next || (total <= limitWithLargest && isLargest(next));
        }

        private boolean isLargest(long own) {
            return largeReservations.stream().noneMatch(other -> other != this && other.bytes > own);
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
            if (CURRENT.get() == this) {
                CURRENT.remove();
            }
        }
    }
}
