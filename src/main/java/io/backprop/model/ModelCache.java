package io.backprop.model;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The models that are in memory: loaded on first use, as many as there is room for. */
@Component
class ModelCache {
    /*
     * The map holds immutable models: whoever has read one sees one version, whole, and waits for nobody. The store is
     * the truth: a change is made there first, inside a `compute` on the model's entry, which orders it against every
     * other change and every reading of the same model in this process. Against other processes the store itself
     * orders it: a change that it refuses is tried again with what the other process has left.
     */

    private static final Logger log = LoggerFactory.getLogger(ModelCache.class);
    private static final int MOST_ATTEMPTS = 10;
    private static final int OVERHEAD_KILOBYTES = 4;

    private final ConcurrentMap<String, Model> models;
    private final ModelStore store;
    private final ApplicationEventPublisher events;

    ModelCache(ModelProperties properties, ModelStore store, ApplicationEventPublisher events) {
        this.store = store;
        this.events = events;
        this.models = Caffeine.newBuilder()
                .maximumWeight(properties.cacheSize().toKilobytes())
                .<String, Model>weigher((id, model) -> kilobytes(model))
                .executor(Runnable::run)
                .<String, Model>build()
                .asMap();
    }

    private static int kilobytes(Model model) {
        long parameters = model.network() == null ? 0 : model.network().spec().parameterCount();
        long texts = model.spec().described().textBytes()
                + model.spec().architecture().textBytes();
        return OVERHEAD_KILOBYTES + (int) ((parameters * Float.BYTES + texts) / 1024);
    }

    Model get(String id) {
        return found(id, models.computeIfAbsent(id, this::load));
    }

    private @Nullable Model load(String id) {
        return store.find(id).orElse(null);
    }

    /** Adds a model that the store has not yet. */
    void add(Model added) {
        models.compute(added.id(), (id, any) -> {
            if (!store.add(added)) {
                throw ModelException.exists(id);
            }
            return added;
        });
    }

    /**
     * Changes a model, first in the store, then here.
     *
     * @param precondition what the model must be
     * @param attempt makes the change and gives the model after it; empty if another process came first
     */
    Model change(String id, Predicate<Model> precondition, Function<Model, Optional<Model>> attempt) {
        return found(id, models.compute(id, (key, served) -> {
            Model model = matching(id, served, precondition);
            for (int attempts = 0; model != null && attempts < MOST_ATTEMPTS; attempts++) {
                require(model, precondition);
                Optional<Model> changed = attempt.apply(model);
                if (changed.isPresent()) {
                    return changed.get();
                }
                model = load(id);
            }
            if (model != null) { // nobody else keeps a model from being changed for so long
                throw ModelException.inTraining(id);
            }
            return null;
        }));
    }

    /** The model that is served, or if it is not as it should be the stored one, which may be newer. */
    private @Nullable Model matching(String id, @Nullable Model served, Predicate<Model> precondition) {
        return served == null || !precondition.test(served) ? load(id) : served;
    }

    /** The model, which must be as it should be. */
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

    /** The model as the store has it now. */
    Model refresh(String id) {
        return found(id, models.compute(id, (key, served) -> served == null ? load(id) : refreshed(served)));
    }

    /** Removes a model whatever it is, first from the store, then here. */
    void remove(String id) {
        models.compute(id, (key, served) -> {
            if (!store.remove(id)) {
                throw new ModelNotFoundException(id);
            }
            return gone(id);
        });
    }

    /** Removes a model if it is as it should be. */
    void remove(String id, Predicate<Model> precondition) {
        models.compute(id, (key, served) -> {
            Model model = matching(id, served, precondition);
            while (true) {
                if (model == null) {
                    throw new ModelNotFoundException(id);
                }
                require(model, precondition);
                if (store.remove(model)) {
                    return gone(id);
                }
                model = load(id);
            }
        });
    }

    /** Whoever works for the model is told before another one can take its id. */
    private @Nullable Model gone(String id) {
        events.publishEvent(new ModelDeletedEvent(id));
        return null;
    }

    /** Takes over what other processes have done to the models that are here, and ends of trainings whoever told them. */
    @Scheduled(fixedDelay = 500)
    void refresh() {
        boolean shared = store.isShared();
        Map<String, Model> changeable = models.values().stream()
                .filter(model -> shared || model.training())
                .collect(Collectors.toMap(Model::id, Function.identity()));
        try {
            Map<String, ModelHead> heads = store.heads(changeable.keySet()).stream()
                    .collect(Collectors.toMap(ModelHead::id, Function.identity()));
            changeable.forEach((id, model) -> {
                if (!model.head().equals(heads.get(id))) {
                    models.computeIfPresent(id, (key, served) -> refreshed(served));
                }
            });
        } catch (StorageUnavailableException e) {
            log.debug("models stay as they are: {}", e.getMessage());
        }
    }

    private @Nullable Model refreshed(Model served) {
        String id = served.id();
        ModelHead head = store.heads(List.of(id)).stream().findFirst().orElse(null);
        if (head == null || !head.createdAt().equals(served.createdAt())) {
            gone(id);
            return head == null ? null : load(id);
        }
        return head.version() == served.version() ? served.withTraining(head.training()) : load(id);
    }

    private static Model found(String id, @Nullable Model model) {
        if (model == null) {
            throw new ModelNotFoundException(id);
        }
        return model;
    }
}
