package io.backprop.openinference;

import io.backprop.model.Model;
import io.backprop.model.ModelDeletedEvent;
import io.backprop.model.ModelException;
import io.backprop.model.ModelService;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;

/** The models as the protocol names them, and which of them this process has unloaded. */
@Service
public class ModelRepository {

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
        if (model.ensemble() == null) {
            throw ModelException.notTrained(id);
        }
        return model;
    }

    /** Makes a model available again that was unloaded. */
    public void load(String id) {
        models.requireExists(id);
        unloaded.remove(id);
    }

    /** Makes a model unavailable under this protocol in this process. */
    public void unload(String id) {
        models.requireExists(id);
        unloaded.add(id);
    }

    @EventListener
    void forget(ModelDeletedEvent event) {
        unloaded.remove(event.id());
    }
}
