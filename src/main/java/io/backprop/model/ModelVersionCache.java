package io.backprop.model;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Earlier versions of models that were used recently, for as long as memory suffices. The next publication of a model
 * invalidates them, since it may remove versions from the store.
 */
@Component
class ModelVersionCache {

    private static final Duration EXPIRY = Duration.ofMinutes(1);

    private final ModelStore store;
    private final ConcurrentMap<Version, Model> versions = Caffeine.newBuilder()
            .softValues()
            .expireAfterAccess(EXPIRY)
            .<Version, Model>build()
            .asMap();

    ModelVersionCache(ModelStore store) {
        this.store = store;
    }

    /** @throws ModelException if the store does not keep this version */
    Model get(Model current, long version) {
        Model model = versions.computeIfAbsent(
                new Version(current.id(), current.createdAt(), current.version(), version), this::load);
        if (model == null) {
            throw ModelException.versionNotFound(current.id(), version, current.version());
        }
        return model;
    }

    private @Nullable Model load(Version wanted) {
        return store.find(wanted.id, wanted.version).orElse(null);
    }

    /** @param createdAt distinguishes successive models with the same id */
    private record Version(String id, Instant createdAt, long current, long version) {}
}
