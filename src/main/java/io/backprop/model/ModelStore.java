package io.backprop.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where models are kept. What a method has done is there after the process, whatever becomes of that; a model that can't
 * be read any more is as good as absent.
 *
 * <p>Other processes may change the same models, if the store is shared. A method that changes one says whether it
 * still was as expected, and has changed nothing if it was not.
 *
 * <p>Any method may throw {@link StorageUnavailableException}, those that write also {@link StorageFullException}.
 */
public interface ModelStore {

    /** Whether there may be other processes. */
    boolean isShared();

    /** Adds a new model; false if its id is taken. */
    boolean add(Model model);

    /** The model as it is now. */
    Optional<Model> find(String id);

    /** The model as it was in a version that is still kept. */
    Optional<Model> find(String id, long version);

    /** The kept versions of a model, newest first, without their networks. */
    List<Model> versions(String id);

    /**
     * Models without their networks, newest first; fewer than the limit where they are large.
     *
     * @param after the place where they begin; null for the newest of all
     */
    ModelPage list(int limit, @Nullable ModelCursor after);

    /** How those of the named models stand that there are. */
    List<ModelHead> heads(Collection<String> ids);

    /**
     * Keeps the parameters of {@code next} and makes it the current version.
     *
     * @param oldestKept the versions before this one are removed
     * @return whether the model was as expected, and not in training
     */
    boolean publish(Model expected, Model next, long oldestKept);

    /** Removes a model with all its versions, if it is still as expected. */
    boolean remove(Model expected);

    /** Removes the model of this id with all its versions, whatever has become of it; false if there is none. */
    boolean remove(String id);
}
