package io.backprop.model;

import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerParameters;
import io.backprop.engine.LayerSpec;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.QuotaExceededException;
import io.backprop.limits.RequestLimits;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Creates, changes and deletes models. */
@Service
public class ModelService {

    private static final int ALWAYS_KEPT = 2; // versions: the current one, and one to restore

    private static final long STORE_BUFFERS = 6 << 20; // bytes, while large parameters are written

    private final ModelCache cache;
    private final ModelStore store;
    private final ModelProperties properties;
    private final RequestLimits limits;
    private final MemoryBudget memory;
    private final Clock clock;

    ModelService(
            ModelCache cache,
            ModelStore store,
            ModelProperties properties,
            RequestLimits limits,
            MemoryBudget memory,
            Clock clock) {
        this.cache = cache;
        this.store = store;
        this.properties = properties;
        this.limits = limits;
        this.memory = memory;
        this.clock = clock;
    }

    /**
     * Creates a model.
     *
     * @param id null for a random id
     */
    public Model create(@Nullable String id, ModelSpec spec, Description description) {
        requireWithinLimits(spec.architecture().classes() == null ? "outputs" : "classes", "", spec);
        Model model = Model.create(id == null ? generateId() : id, spec, description, clock.instant());
        add(model);
        return model;
    }

    /**
     * Creates a model with the settings and parameters of another.
     *
     * @param id null for a random id
     * @param version of the other model; null for the current one
     * @param change is applied to the copy before it is stored
     */
    public Model copy(@Nullable String id, String sourceId, @Nullable Long version, UnaryOperator<Model> change) {
        Model source = source(sourceId, version);
        requireWithinLimits("copyOf", "copyOf", source.spec());
        acquireToStore(source);
        Model model = change.apply(Model.copy(id == null ? generateId() : id, source, clock.instant()));
        add(model);
        return model;
    }

    /** Rejects networks of a file that are too large, before their parameters are read. */
    public void requireWithinLimits(ModelSpec spec) {
        List<LayerSpec> hidden = spec.architecture().hidden();
        limits.requireLayers("", hidden.size() + 1);
        hidden.forEach(layer -> limits.requireUnits("", layer.units()));
        requireWithinLimits("", "", spec);
    }

    /**
     * Rejects a model of a file, before its parameters are read, that is too large or one too many.
     *
     * @throws ModelException if its id is in use
     */
    public void requireImportable(Model described) {
        requireWithinLimits(described.spec());
        requireQuota();
        if (!store.heads(List.of(described.id())).isEmpty()) {
            throw ModelException.exists(described.id());
        }
    }

    /**
     * Adds a model of a file, with its version, as a new one.
     *
     * @param imported {@link #requireImportable importable}
     */
    public Model importModel(Model imported) {
        acquireToStore(imported);
        Model model = imported.asNew(clock.instant());
        add(model);
        return model;
    }

    private void acquireToStore(Model model) {
        if (model.ensemble() != null) {
            memory.acquire(Math.min(STORE_BUFFERS, bytes(model.ensemble().parameterCount())));
        }
    }

    private static long bytes(long parameterCount) {
        return parameterCount * Float.BYTES;
    }

    private void add(Model model) {
        requireQuota();
        cache.add(model);
    }

    private void requireQuota() {
        if (store.count() >= properties.count()) {
            throw new QuotaExceededException("there may be at most %d models (backprop.models.count); delete one first"
                    .formatted(properties.count()));
        }
    }

    private Model source(String id, @Nullable Long version) {
        try {
            return get(id, version);
        } catch (CorruptModelException e) {
            throw e;
        } catch (ModelException e) {
            String field = e.kind() == ModelException.Kind.VERSION_NOT_FOUND ? "copyVersion" : "copyOf";
            throw new InvalidInputException(field, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Changes the settings and the description of a model. A running training keeps the settings it was started with.
     *
     * @param change calls {@link Model#withSettings}
     * @throws ModelException if the model does not meet the precondition
     */
    public Model update(String id, Predicate<Model> precondition, UnaryOperator<Model> change) {
        return cache.change(id, precondition, model -> {
            Model changed = change.apply(model);
            boolean done = changed.changes() == model.changes() || store.update(model, changed);
            return done ? Optional.of(changed) : Optional.empty();
        });
    }

    /** A random id. */
    public static String generateId() {
        byte[] random = new byte[8];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /**
     * Rejects networks that are too large.
     *
     * @param outputsField the argument that determines the number of outputs
     * @param field the argument that determines the number of parameters; empty for all arguments together
     */
    public void requireWithinLimits(String outputsField, String field, ModelSpec spec) {
        Architecture architecture = spec.architecture();
        if (architecture.outputs() != null) {
            limits.requireUnits(outputsField, architecture.outputs());
        }
        limits.requireParameters(field, spec.countParameters());
    }

    public Model get(String id) {
        return cache.get(id);
    }

    /**
     * Checks that a model exists; it may be corrupt.
     *
     * @throws ModelNotFoundException if there is no such model
     */
    public void requireExists(String id) {
        cache.requireExists(id);
    }

    /** The given version of a model; null for the current version. */
    public Model get(String id, @Nullable Long version) {
        return version == null ? cache.get(id) : cache.get(id, version);
    }

    /** The networks of a version, trained or initial; empty while their widths are unknown. */
    public Optional<Ensemble> ensemble(String id, @Nullable Long version) {
        Model model = get(id, version);
        if (model.ensemble() != null) {
            return Optional.of(model.ensemble());
        }
        return model.spec().architecture().networkSpec().map(spec -> {
            memory.acquire(bytes(model.spec().countParameters()));
            return model.spec().initialEnsemble(spec);
        });
    }

    /**
     * Lists models without their networks, newest first.
     *
     * @param cursor {@link ModelPage#next} of the previous page; null for the first page
     */
    public ModelPage list(int limit, @Nullable PageCursor cursor) {
        return store.list(limit, cursor);
    }

    /** Deletes a model, even one that cannot be read. */
    public void delete(String id) {
        cache.remove(id);
    }

    /** Deletes a model if it meets the precondition. */
    public void delete(String id, Predicate<Model> precondition) {
        cache.remove(id, precondition);
    }

    /**
     * The model, after a check of a precondition.
     *
     * @throws ModelException if the model does not meet the precondition
     */
    public Model require(String id, Predicate<Model> precondition) {
        return cache.require(id, precondition);
    }

    /** Removes a model from memory, until it is used again. */
    public void evict(String id) {
        cache.evict(id);
    }

    /** Updates a model from the store if it is in memory. */
    public void refreshIfCached(String id) {
        cache.refreshIfCached(id);
    }

    /** The model as it is in the store, which another process may have changed. */
    public Model refresh(String id) {
        return cache.refresh(id);
    }

    /**
     * The next version of a model that was trained.
     *
     * @param settings the {@link #current} model, perhaps with other settings
     * @param trained the model when the training started, with its new parameters
     */
    public Model nextVersion(Model settings, Model trained) {
        return settings.publish(trained, clock.instant()).withTraining(false);
    }

    /**
     * The model without its networks, at the end of a training. Nothing but the training changes its parameters until then.
     *
     * @param trained the model when the training started
     * @throws ModelNotFoundException if the model was deleted
     */
    public Model current(Model trained) {
        return store.findWithoutNetwork(trained.id())
                .filter(current -> current.hasParametersOf(trained))
                .orElseThrow(() -> new ModelNotFoundException(trained.id()));
    }

    /**
     * Publishes the given parameters, which determine widths that are still unknown.
     *
     * @param networks the layers of each network of the model
     * @param field the argument that they come from: {@code layers} of the only network, or {@code networks}
     * @throws ModelException if the model does not meet the precondition
     */
    public Model setParameters(
            String id, List<List<LayerParameters>> networks, String field, Predicate<Model> precondition) {
        return cache.publish(id, precondition, model -> {
            requireIdle(model);
            requireCount(networks, model.spec().ensemble());
            Architecture architecture = model.spec().architecture().fitParameters(networks.get(0), pointer(field, 0));
            ModelSpec spec = model.spec().withArchitecture(architecture);
            requireWithinLimits(field, field, spec);
            memory.acquire(bytes(spec.countParameters()));
            Ensemble ensemble = Ensemble.of(IntStream.range(0, networks.size())
                    .mapToObj(i -> architecture.network(networks.get(i), pointer(field, i)))
                    .toList());
            return publishFrom(
                    model,
                    model.withParameters(
                            architecture,
                            ensemble,
                            model.epochs(),
                            null,
                            null,
                            missingWarning(ensemble, model.spec().ensemble())));
        });
    }

    private static String pointer(String field, int number) {
        return field.equals("layers") ? "" : "/%s/%d".formatted(field, number);
    }

    /** A warning of networks that the model averages but has no parameters of. */
    private static List<String> missingWarning(Ensemble ensemble, EnsembleSpec planned) {
        int networks = ensemble.networks().size();
        return networks == planned.size()
                ? List.of()
                : List.of("the parameters are those of %d of %d networks, whose predictions are averaged"
                                .formatted(networks, planned.size())
                        + "; the next training adds the others");
    }

    private static void requireCount(List<List<LayerParameters>> networks, EnsembleSpec ensemble) {
        InvalidInputException.require(
                "networks",
                networks.size() <= ensemble.size(),
                "networks must be at most as many as the model averages, %d, but are %d"
                        .formatted(ensemble.size(), networks.size()));
    }

    /** The versions of a model that the store keeps, newest first, without their networks. */
    public List<Model> versions(String id) {
        requireExists(id);
        return store.versions(id);
    }

    /**
     * Publishes the parameters of an earlier version as a new version.
     *
     * @throws ModelException if the model does not meet the precondition
     */
    public Model restore(String id, long version, Predicate<Model> precondition) {
        return cache.restore(id, version, precondition, model -> {
            requireIdle(model);
            return publishFrom(model, cache.get(model, version));
        });
    }

    private static void requireIdle(Model model) {
        if (model.training()) {
            throw ModelException.inTraining(model.id());
        }
    }

    private Optional<Model> publishFrom(Model model, Model source) {
        acquireToStore(source);
        Model next = model.publish(source, clock.instant());
        return store.publish(model, next, oldestKept(next)) ? Optional.of(next) : Optional.empty();
    }

    /** The oldest version that is kept once {@code next} is published. Versions are assumed to be of the same size. */
    public long oldestKept(Model next) {
        long parameters = next.ensemble() == null ? 1 : next.ensemble().parameterCount();
        long fit = Math.max(ALWAYS_KEPT, properties.versionsSize().toBytes() / (parameters * Float.BYTES));
        return Math.max(1, next.version() - Math.min(properties.versions(), fit) + 1);
    }
}
