package io.backprop.model;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.MemoryBusyException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Models in memory, loaded on first use and bounded by their size. */
@Component
class ModelCache implements MeterBinder {
    /*
     * Models are immutable, so that readers need no lock. Each change is written to the store first, inside `compute` on
     * the entry of the model, which serializes it with the other changes and the loading of this model in this process.
     * Changes by other processes are detected by the store: a change that it refuses is attempted again with the model as
     * the other process has left it.
     *
     * Writing parameters may take seconds, and an entry shares its lock with others. A new model is therefore not cached,
     * and a version is published without that lock; the store compares (LargeVersionsTests).
     */

    private static final Logger log = LoggerFactory.getLogger(ModelCache.class);
    private static final int MAX_ATTEMPTS = 10;
    private static final int OVERHEAD_KILOBYTES = 4;
    private static final int SHARE_OF_VERSIONS = 4; // a quarter
    private static final int MANY = 1 << 12; // entries, so that two rarely share a lock
    private static final Duration VERSION_EXPIRY = Duration.ofMinutes(1);

    private final Cache<String, Model> cache;
    private final Cache<Version, Model> versionCache;
    private final ConcurrentMap<String, Model> models;

    /**
     * Earlier versions that were used recently. The next publication of a model invalidates them, since it may remove
     * versions from the store.
     */
    private final ConcurrentMap<Version, Model> versions;

    private final Object[] publishing = new Object[MANY]; // locks
    private final ModelStore store;
    private final MemoryBudget memory;
    private final ApplicationEventPublisher events;

    ModelCache(ModelProperties properties, ModelStore store, MemoryBudget memory, ApplicationEventPublisher events) {
        this.store = store;
        this.memory = memory;
        this.events = events;
        Arrays.setAll(publishing, any -> new Object());
        long size = properties.cacheSize().toKilobytes();
        this.cache = ModelCache.<String>bounded(size - size / SHARE_OF_VERSIONS).build();
        this.models = cache.asMap();
        this.versionCache = ModelCache.<Version>bounded(size / SHARE_OF_VERSIONS)
                .expireAfterAccess(VERSION_EXPIRY)
                .build();
        this.versions = versionCache.asMap();
    }

    private static <K> Caffeine<K, Model> bounded(long kilobytes) {
        return Caffeine.newBuilder()
                .initialCapacity(MANY)
                .maximumWeight(kilobytes)
                .<K, Model>weigher((key, model) -> kilobytes(model))
                .executor(Runnable::run)
                .recordStats();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bind(registry, cache, "models");
        bind(registry, versionCache, "model-versions");
    }

    private static void bind(MeterRegistry registry, Cache<?, ?> cache, String name) {
        CaffeineCacheMetrics.monitor(registry, cache, name);
        cache.policy().eviction().ifPresent(bound -> {
            Gauge.builder(
                            "backprop.cache.used",
                            bound,
                            used -> 1024.0 * used.weightedSize().orElse(0))
                    .description("Memory of cached models")
                    .baseUnit(BaseUnits.BYTES)
                    .tag("cache", name)
                    .register(registry);
            Gauge.builder("backprop.cache.limit", bound, limit -> 1024.0 * limit.getMaximum())
                    .description("Memory beyond which models are evicted from the cache")
                    .baseUnit(BaseUnits.BYTES)
                    .tag("cache", name)
                    .register(registry);
        });
    }

    private static int kilobytes(Model model) {
        return OVERHEAD_KILOBYTES + (int) ((parameterBytes(model) + model.textBytes()) / 1024);
    }

    Model get(String id) {
        return used(found(id, models.computeIfAbsent(id, this::load)));
    }

    /**
     * A version of a model, even if the current one is corrupt.
     *
     * @throws ModelException if the store does not keep this version, or if it is corrupt itself
     */
    Model get(String id, long version) {
        Model current;
        try {
            current = get(id);
        } catch (CorruptModelException e) {
            return used(substitute(id, version).inPlaceOf(version));
        }
        return version == current.version() ? current : get(current, version);
    }

    /** A model whose current version is corrupt, with the parameters of another version in its place. */
    private Model substitute(String id, long version) {
        ModelHead head =
                store.heads(List.of(id)).stream().findFirst().orElseThrow(() -> new ModelNotFoundException(id));
        Model kept = load(memory -> store.find(id, version, memory));
        if (kept == null) {
            throw ModelException.versionNotFound(id, version, head.version());
        }
        versions.put(new Version(id, kept.createdAt(), head.version(), version), kept); // restore reads it next
        return kept.inPlaceOf(head.version());
    }

    /** @throws ModelException if the store does not keep this version */
    Model get(Model current, long version) {
        Model model = versions.computeIfAbsent(
                new Version(current.id(), current.createdAt(), current.version(), version),
                wanted -> load(memory -> store.find(wanted.id, wanted.version, memory)));
        if (model == null) {
            throw ModelException.versionNotFound(current.id(), version, current.version());
        }
        return used(current.at(model));
    }

    /** @param createdAt distinguishes successive models with the same id */
    private record Version(String id, Instant createdAt, long current, long version) {}

    private @Nullable Model load(String id) {
        return load(memory -> store.find(id, memory));
    }

    /** Counts the parameters while they are read; afterwards they belong to the cache or to those who use them. */
    private @Nullable Model load(Function<LongConsumer, Optional<Model>> find) {
        MemoryBudget.Reservation reservation = memory.current();
        AtomicLong counted = new AtomicLong();
        try {
            return find.apply(bytes -> {
                        reservation.add(bytes);
                        counted.addAndGet(bytes);
                    })
                    .orElse(null);
        } finally {
            reservation.add(-counted.get());
        }
    }

    private Model used(Model model) {
        if (model.ensemble() != null) {
            memory.current().use(model.ensemble(), parameterBytes(model));
        }
        return model;
    }

    private static long parameterBytes(Model model) {
        return model.ensemble() == null ? 0 : model.ensemble().parameterCount() * Float.BYTES;
    }

    /** Adds a new model. */
    void add(Model added) {
        if (!store.add(added)) {
            throw ModelException.exists(added.id());
        }
        models.remove(added.id()); // which another process has deleted
    }

    /** @throws ModelNotFoundException if there is no such model; one that is corrupt is sufficient */
    void requireExists(String id) {
        if (!models.containsKey(id) && store.heads(List.of(id)).isEmpty()) {
            throw new ModelNotFoundException(id);
        }
    }

    /**
     * Publishes an earlier version of a model again, even if the current one is corrupt.
     *
     * @param attempt publishes it in the store and returns it; empty if the model has been changed meanwhile
     * @throws ModelException if the model does not meet the precondition
     */
    Model restore(String id, long version, Predicate<Model> precondition, Function<Model, Optional<Model>> attempt) {
        return publish(
                id,
                () -> {
                    try {
                        return require(id, precondition);
                    } catch (CorruptModelException e) {
                        return require(substitute(id, version), precondition);
                    }
                },
                attempt);
    }

    /**
     * Publishes a version of a model.
     *
     * @param attempt publishes it in the store and returns it; empty if the model has been changed meanwhile
     * @throws ModelException if the model does not meet the precondition
     */
    Model publish(String id, Predicate<Model> precondition, Function<Model, Optional<Model>> attempt) {
        return publish(id, () -> require(id, precondition), attempt);
    }

    private Model publish(String id, Supplier<Model> current, Function<Model, Optional<Model>> attempt) {
        synchronized (publishing[Math.floorMod(id.hashCode(), MANY)]) { // one version of a model at a time
            for (int attempts = 0; attempts < MAX_ATTEMPTS; attempts++) {
                Model model = current.get();
                Optional<Model> published = attempt.apply(model);
                if (published.isPresent()) {
                    models.computeIfPresent(
                            id, (key, cached) -> cached.equals(model) ? published.get() : refreshed(cached));
                    return published.get();
                }
                refreshIfCached(id);
            }
            throw ModelException.inTraining(id); // only a training refuses changes repeatedly
        }
    }

    /**
     * Changes a model in the store and in the cache.
     *
     * @param attempt makes the change in the store and returns the changed model; empty if another process has changed
     *     the model meanwhile
     * @throws ModelException if the model does not meet the precondition
     */
    Model change(String id, Predicate<Model> precondition, Function<Model, Optional<Model>> attempt) {
        return found(id, models.compute(id, (key, cached) -> {
            Model model = matching(id, cached, precondition);
            for (int attempts = 0; model != null && attempts < MAX_ATTEMPTS; attempts++) {
                require(model, precondition);
                Optional<Model> changed = attempt.apply(model);
                if (changed.isPresent()) {
                    return changed.get();
                }
                model = load(id);
            }
            if (model != null) { // only a training refuses changes repeatedly
                throw ModelException.inTraining(id);
            }
            return null;
        }));
    }

    /** The cached model if it meets the precondition, otherwise the stored model, which may be newer. */
    private @Nullable Model matching(String id, @Nullable Model cached, Predicate<Model> precondition) {
        return cached == null || !precondition.test(cached) ? load(id) : cached;
    }

    /** @throws ModelException if the model does not meet the precondition */
    Model require(String id, Predicate<Model> precondition) {
        Model model = get(id);
        return require(precondition.test(model) ? model : refresh(id), precondition);
    }

    private static Model require(Model model, Predicate<Model> precondition) {
        if (!precondition.test(model)) {
            throw ModelException.versionMismatch(model.id(), model.revision());
        }
        return model;
    }

    /** Updates a model from the store. */
    Model refresh(String id) {
        return found(id, models.compute(id, (key, cached) -> cached == null ? load(id) : refreshed(cached)));
    }

    /** Removes a model from the cache. */
    void evict(String id) {
        models.remove(id);
        versions.keySet().removeIf(version -> version.id.equals(id));
    }

    /** Removes a model, even one that cannot be read. */
    void remove(String id) {
        models.compute(id, (key, cached) -> {
            if (!store.remove(id)) {
                throw new ModelNotFoundException(id);
            }
            return deleted(id);
        });
    }

    /** Removes a model if it meets the precondition. */
    void remove(String id, Predicate<Model> precondition) {
        models.compute(id, (key, cached) -> {
            Model model = matching(id, cached, precondition);
            while (true) {
                if (model == null) {
                    throw new ModelNotFoundException(id);
                }
                require(model, precondition);
                if (store.remove(model)) {
                    return deleted(id);
                }
                model = load(id);
            }
        });
    }

    /** Publishes the event while the entry is locked, before another model can use the id. */
    private @Nullable Model deleted(String id) {
        events.publishEvent(new ModelDeletedEvent(id));
        return null;
    }

    /** Updates the cached models that another process may have changed, or whose training may have ended. */
    @Scheduled(fixedDelay = 500)
    void refresh() {
        MemoryBudget.Reservation reservation = memory.begin();
        try (reservation) {
            refreshChangeable();
        }
    }

    private void refreshChangeable() {
        boolean shared = store.isShared();
        Map<String, Model> changeable = models.values().stream()
                .filter(model -> shared || model.training())
                .collect(Collectors.toMap(Model::id, Function.identity()));
        try {
            Map<String, ModelHead> heads = store.heads(changeable.keySet()).stream()
                    .collect(Collectors.toMap(ModelHead::id, Function.identity()));
            changeable.forEach((id, model) -> {
                if (!model.head().equals(heads.get(id))) {
                    refreshIfCached(id);
                }
            });
        } catch (StorageUnavailableException | MemoryBusyException e) {
            log.debug("Cannot refresh cached models: {}", e.getMessage());
        }
    }

    void refreshIfCached(String id) {
        try {
            models.computeIfPresent(id, (key, cached) -> refreshed(cached));
        } catch (CorruptModelException | NewerModelException e) {
            models.remove(id);
        }
    }

    private @Nullable Model refreshed(Model cached) {
        String id = cached.id();
        ModelHead head = store.heads(List.of(id)).stream().findFirst().orElse(null);
        if (head == null || !head.createdAt().equals(cached.createdAt())) {
            deleted(id);
            return head == null ? null : load(id);
        }
        Model updated = cached.withTraining(head.training());
        return updated.head().equals(head) ? updated : load(id);
    }

    private static Model found(String id, @Nullable Model model) {
        if (model == null) {
            throw new ModelNotFoundException(id);
        }
        return model;
    }
}
