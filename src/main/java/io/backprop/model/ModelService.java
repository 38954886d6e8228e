package io.backprop.model;

import io.backprop.engine.LayerParameters;
import io.backprop.engine.Network;
import io.backprop.limits.RequestLimits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** All models. */
@Service
public class ModelService {

    private final ModelCache served;
    private final ModelVersionCache earlier;
    private final ModelStore store;
    private final ModelProperties properties;
    private final RequestLimits limits;

    ModelService(
            ModelCache served,
            ModelVersionCache earlier,
            ModelStore store,
            ModelProperties properties,
            RequestLimits limits) {
        this.served = served;
        this.earlier = earlier;
        this.store = store;
        this.properties = properties;
        this.limits = limits;
    }

    /** A new model; without an id it gets one that is free. */
    public Model create(@Nullable String id, ModelSpec spec) {
        requireWithinLimits(spec.architecture().labels() == null ? "outputs" : "labels", "", spec.architecture());
        if (id == null) {
            return create(generateId(), spec);
        }
        Model model = Model.create(id, spec, now());
        served.add(model);
        return model;
    }

    private static String generateId() {
        byte[] random = new byte[8];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /**
     * Refuses an architecture that is too large, before anything of its size is allocated.
     *
     * @param outputsField where the number of its outputs comes from
     * @param field where its size comes from; empty for the whole request
     */
    public void requireWithinLimits(String outputsField, String field, Architecture architecture) {
        if (architecture.outputs() != null) {
            limits.requireUnits(outputsField, architecture.outputs());
        }
        limits.requireParameters(field, architecture.countParameters());
    }

    public Model get(String id) {
        return served.get(id);
    }

    /** The model as it was in the given version, or as it is now. */
    public Model get(String id, @Nullable Long version) {
        Model model = get(id);
        return version == null || version == model.version() ? model : earlier.get(model, version);
    }

    /**
     * The newest models, without their networks.
     *
     * @param cursor {@link ModelPage#next} of the previous page; null for the first page
     */
    public ModelPage list(int limit, @Nullable ModelCursor cursor) {
        return store.list(limit, cursor);
    }

    /** Removes a model, one that can't be read any more as well. */
    public void delete(String id) {
        served.remove(id);
    }

    /** Removes a model if it is as it should be. */
    public void delete(String id, Predicate<Model> precondition) {
        served.remove(id, precondition);
    }

    /** The model, which must be as it should be. */
    public Model require(String id, Predicate<Model> precondition) {
        return served.require(id, precondition);
    }

    /** Looks up in the store whether the model has been changed by others: trained, say, by another process. */
    public Model refresh(String id) {
        return served.refresh(id);
    }

    /**
     * The next version of a model that was trained. Nothing but the training changes the model until it is published.
     *
     * @param trained the model when the training started
     * @throws ModelNotFoundException if the model was deleted
     */
    public Model nextVersion(Model trained, Publication publication) {
        Model current = refresh(trained.id());
        if (!current.hasParametersOf(trained)) {
            throw new ModelNotFoundException(trained.id());
        }
        return current.publish(publication, now()).withTraining(false);
    }

    /**
     * Publishes parameters that come from outside, which may tell widths that were unknown.
     *
     * @param precondition what the model must be
     */
    public Model setParameters(String id, List<LayerParameters> layers, Predicate<Model> precondition) {
        return served.change(id, precondition, model -> {
            requireIdle(model);
            Architecture architecture = model.spec().architecture().fit(layers);
            requireWithinLimits("layers", "layers", architecture);
            Network network = ParameterShapes.network(architecture.networkSpec().orElseThrow(), layers);
            return publishFrom(model, new Publication(architecture, network, model.epochs(), null));
        });
    }

    /** The versions of a model's parameters that are kept, newest first, without their networks. */
    public List<Model> versions(String id) {
        get(id);
        return store.versions(id);
    }

    /**
     * Publishes the parameters of an earlier version once more.
     *
     * @param precondition what the model must be
     */
    public Model restore(String id, long version, Predicate<Model> precondition) {
        return served.change(id, precondition, model -> {
            requireIdle(model);
            Model earlier = store.find(id, version)
                    .orElseThrow(() -> ModelException.versionNotFound(id, version, model.version()));
            return publishFrom(model, Publication.of(earlier));
        });
    }

    private static void requireIdle(Model model) {
        if (model.training()) {
            throw ModelException.inTraining(model.id());
        }
    }

    private Optional<Model> publishFrom(Model model, Publication publication) {
        Model next = model.publish(publication, now());
        return store.publish(model, next, oldestKept(next)) ? Optional.of(next) : Optional.empty();
    }

    /** The oldest version that is kept once {@code next} is published. */
    public long oldestKept(Model next) {
        return Math.max(1, next.version() - properties.versions() + 1);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
