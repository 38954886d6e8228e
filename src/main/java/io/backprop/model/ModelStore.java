package io.backprop.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores models durably: a change is on disk when its method returns. Lists omit models that cannot be read any more.
 *
 * <p>Other processes may change the same models if the store is shared. A method that changes a model compares it with the
 * expected one first; it returns false, and changes nothing, if they differ.
 *
 * <p>Any method may throw {@link StorageUnavailableException}, and those that write {@link StorageFullException}.
 */
public interface ModelStore {

    /** Whether other processes may use this store. */
    boolean isShared();

    /** The number of models. */
    long count();

    /** Adds a new model; returns false if its id is in use. */
    boolean add(Model model);

    /**
     * The current version of a model.
     *
     * @param memory receives the number of bytes of the parameters before they are read
     * @throws CorruptModelException if it cannot be read any more
     * @throws NewerModelException if this version of the service cannot read it
     */
    Optional<Model> find(String id, LongConsumer memory);

    /**
     * The current version of a model, without its network.
     *
     * @throws CorruptModelException if it cannot be read any more
     * @throws NewerModelException if this version of the service cannot read it
     */
    Optional<Model> findWithoutNetwork(String id);

    /** The current version of a model, whose memory is counted by the caller. */
    default Optional<Model> find(String id) {
        return find(id, bytes -> {});
    }

    /**
     * A version of a model; empty if it is not kept.
     *
     * @param memory receives the number of bytes of the parameters before they are read
     * @throws CorruptModelException if it cannot be read any more
     * @throws NewerModelException if this version of the service cannot read it
     */
    Optional<Model> find(String id, long version, LongConsumer memory);

    /** A version of a model, whose memory is counted by the caller. */
    default Optional<Model> find(String id, long version) {
        return find(id, version, bytes -> {});
    }

    /** The kept versions of a model, newest first, without their networks. */
    List<Model> versions(String id);

    /**
     * Lists models without their networks, newest first; fewer than the limit if they are large.
     *
     * @param after the position to start from; null for the newest model
     */
    ModelPage list(int limit, @Nullable PageCursor after);

    /** The heads of those of the given models that exist. */
    List<ModelHead> heads(Collection<String> ids);

    /**
     * Stores the parameters of {@code next} and makes it the current version.
     *
     * @param oldestKept earlier versions are removed
     * @return whether the model was as expected, and not in training
     */
    boolean publish(Model expected, Model next, long oldestKept);

    /**
     * Stores the settings and the description of {@code changed}.
     *
     * @return whether the model was as expected
     */
    boolean update(Model expected, Model changed);

    /** Removes a model with all its versions, if it is as expected. */
    boolean remove(Model expected);

    /** Removes a model with all its versions, even one that cannot be read; returns false if it does not exist. */
    boolean remove(String id);
}
