package io.backprop.model;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Versions that were asked for lately though they are not current any more, as long as nobody else needs the memory. */
@Component
class ModelVersionCache {

    private static final Duration KEPT = Duration.ofMinutes(1);

    private final ModelStore store;
    private final ConcurrentMap<Version, Model> versions = Caffeine.newBuilder()
            .softValues()
            .expireAfterAccess(KEPT)
            .<Version, Model>build()
            .asMap();

    ModelVersionCache(ModelStore store) {
        this.store = store;
    }

    /** The version of a model; refuses one that is not kept. */
    Model get(Model current, long version) {
        Model model = versions.computeIfAbsent(new Version(current.id(), current.createdAt(), version), this::load);
        if (model == null) {
            throw ModelException.versionNotFound(current.id(), version, current.version());
        }
        return model;
    }

    private @Nullable Model load(Version wanted) {
        return store.find(wanted.id, wanted.version).orElse(null);
    }

    /** @param createdAt tells models apart that had the same id one after the other */
    private record Version(String id, Instant createdAt, long version) {}
}
