package io.backprop.model;

import io.backprop.engine.LayerParameters;
import io.backprop.engine.Network;
import io.backprop.security.RequestLimits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;

/** All models. */
@Service
public class ModelService {
    /*
     * The map holds immutable models: whoever has read one sees one version, whole. A change is a `compute` on the
     * model's entry, which orders it against every other change of the same model.
     */

    private static final Comparator<Model> NEWEST_FIRST =
            Comparator.comparing(Model::createdAt).thenComparing(Model::id).reversed();

    private final ConcurrentMap<String, Model> models = new ConcurrentHashMap<>();
    private final RequestLimits limits;
    private final ApplicationEventPublisher events;

    ModelService(RequestLimits limits, ApplicationEventPublisher events) {
        this.limits = limits;
        this.events = events;
    }

    /** A new model; without an id it gets one that is free. */
    public Model create(@Nullable String id, ModelSpec spec) {
        requireWithinLimits("outputs", "", spec.architecture());
        if (id == null) {
            return create(generateId(), spec);
        }
        Model model = Model.create(id, spec, now());
        if (models.putIfAbsent(id, model) != null) {
            throw new ModelExistsException(id);
        }
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
        Model model = models.get(id);
        if (model == null) {
            throw new ModelNotFoundException(id);
        }
        return model;
    }

    /** The model as it was in the given version, or as it is now. */
    public Model get(String id, @Nullable Long version) {
        Model model = get(id);
        if (version != null && version != model.version()) {
            throw new VersionNotFoundException(id, version, model.version());
        }
        return model;
    }

    /**
     * The newest models.
     *
     * @param cursor {@link ModelPage#next} of the page before; null for the first page
     */
    public ModelPage list(int limit, @Nullable String cursor) {
        Optional<ModelCursor> after = Optional.ofNullable(cursor).map(ModelCursor::parse);
        List<Model> found = models.values().stream()
                .filter(model -> after.map(place -> place.isBefore(model)).orElse(true))
                .sorted(NEWEST_FIRST)
                .limit(limit + 1L)
                .toList();
        if (found.size() <= limit) {
            return new ModelPage(found, null);
        }
        List<Model> page = found.subList(0, limit);
        return new ModelPage(page, ModelCursor.of(page.get(limit - 1)).toString());
    }

    /** Removes a model; whoever works for it is told before another one can take its id. */
    public void delete(String id, Predicate<Model> precondition) {
        models.compute(id, (key, model) -> {
            if (model == null) {
                throw new ModelNotFoundException(id);
            }
            if (!precondition.test(model)) {
                throw new VersionMismatchException(id, model.revision());
            }
            events.publishEvent(new ModelDeleted(id));
            return null;
        });
    }

    /**
     * Marks a model as being trained, until {@link #endTraining}.
     *
     * @param prepared the model as the training was prepared for it
     * @param begin called in the same moment, before any other change of the model
     * @return what begin gave; empty if the model has changed since, or is being trained
     */
    public <T> Optional<T> beginTraining(Model prepared, Supplier<T> begin) {
        AtomicReference<@Nullable T> begun = new AtomicReference<>();
        change(prepared.id(), model -> {
            if (model.training() || !model.hasParametersOf(prepared)) {
                return model;
            }
            begun.set(begin.get());
            return model.withTraining(true);
        });
        return Optional.ofNullable(begun.get());
    }

    /** The training is over; nothing happens if the model is gone. */
    public void endTraining(Model trained) {
        models.computeIfPresent(
                trained.id(), (id, model) -> model.isSuccessorOf(trained) ? model.withTraining(false) : model);
    }

    /**
     * Makes new parameters the ones that predictions come from.
     *
     * @param trained the model that {@link #beginTraining} was given
     */
    public Model publish(Model trained, Publication publication) {
        return change(trained.id(), model -> {
            if (!model.isSuccessorOf(trained)) {
                throw new ModelNotFoundException(trained.id());
            }
            return model.publish(publication, now());
        });
    }

    /** Publishes parameters that come from outside, which may tell widths that were unknown. */
    public Model setParameters(String id, List<LayerParameters> layers) {
        return change(id, model -> {
            if (model.training()) {
                throw new ModelInTrainingException(id);
            }
            Architecture architecture = model.spec().architecture().fit(layers);
            requireWithinLimits("layers", "layers", architecture);
            Network network = ParameterShapes.network(architecture.networkSpec().orElseThrow(), layers);
            return model.publish(new Publication(architecture, network, model.epochs(), null), now());
        });
    }

    private Model change(String id, UnaryOperator<Model> change) {
        Model changed = models.computeIfPresent(id, (key, model) -> change.apply(model));
        if (changed == null) {
            throw new ModelNotFoundException(id);
        }
        return changed;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }
}
