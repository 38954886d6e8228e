package io.backprop.openinference;

import io.backprop.model.Model;
import io.backprop.model.ModelDeletedEvent;
import io.backprop.model.ModelException;
import io.backprop.model.ModelPage;
import io.backprop.model.ModelService;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/** The models as the protocol names them, and which of them this process has unloaded. */
@Service
public class ModelRepository {

    private static final int PAGE = 100; // models
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private final ModelService models;
    private final Set<String> unloaded = ConcurrentHashMap.newKeySet();

    ModelRepository(ModelService models) {
        this.models = models;
    }

    /**
     * A version of a model, which may be unloaded or not trained yet.
     *
     * @param version null for the current one
     * @throws ModelException if there is no such model or version
     */
    public Model find(String id, @Nullable String version) {
        if (version == null) {
            return models.get(id);
        }
        if (!VERSION.matcher(version).matches()) {
            throw ModelException.versionNotFound(id, version, models.get(id).version());
        }
        return models.get(id, Long.valueOf(version));
    }

    /**
     * A version of a model that can predict.
     *
     * @param version null for the current one
     * @throws ModelException if there is no such model or version, or if it has not been trained
     * @throws ModelUnloadedException if it is unloaded
     */
    public Model require(String id, @Nullable String version) {
        Model model = find(id, version);
        if (unloaded.contains(id)) {
            throw new ModelUnloadedException(id);
        }
        if (model.version() == 0) {
            throw ModelException.notTrained(id);
        }
        return model;
    }

    /** Why a model cannot predict; empty if it can. */
    public Optional<String> whyUnavailable(Model model) {
        if (unloaded.contains(model.id())) {
            return Optional.of("unloaded");
        }
        return model.version() == 0 ? Optional.of("never trained") : Optional.empty();
    }

    /** All models, newest first, without their networks. They are read while the stream is consumed. */
    public Stream<Model> list() {
        return Stream.iterate(
                        Optional.of(models.list(PAGE, null)),
                        Optional::isPresent,
                        page -> page.map(ModelPage::next).map(next -> models.list(PAGE, next)))
                .flatMap(page -> page.orElseThrow().models().stream());
    }

    /** The numbers of the versions of a model that are kept, in rising order. */
    public List<Long> versions(String id) {
        return models.versions(id).stream().map(Model::version).sorted().toList();
    }

    /**
     * Makes a model available again that was unloaded.
     *
     * @throws ModelException if there is no such model, or if it has not been trained
     */
    public void load(String id) {
        if (models.get(id).version() == 0) {
            throw ModelException.notTrained(id);
        }
        unloaded.remove(id);
    }

    /** Makes a model unavailable under this protocol in this process, and frees its memory. */
    public void unload(String id) {
        models.requireExists(id);
        unloaded.add(id);
        models.evict(id);
    }

    @EventListener
    void forget(ModelDeletedEvent event) {
        unloaded.remove(event.id());
    }
}
