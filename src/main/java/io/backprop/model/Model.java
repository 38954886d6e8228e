package io.backprop.model;

import io.backprop.engine.Network;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model as it is at one moment; a change makes a new one.
 *
 * @param network absent until its widths are known
 * @param version grows by one with each publication of parameters, from 0
 * @param epochs trained so far, since the last reset
 * @param training whether a training is under way
 * @param metrics of the last training
 */
public record Model(
        String id,
        ModelSpec spec,
        @Nullable Network network,
        long version,
        long epochs,
        boolean training,
        @Nullable Metrics metrics,
        Instant createdAt,
        @Nullable Instant trainedAt) {

    /** Where a model is in its life. */
    public enum State {
        CREATED,
        TRAINING,
        TRAINED
    }

    static Model create(String id, ModelSpec spec, Instant createdAt) {
        Network network =
                spec.architecture().networkSpec().map(spec::initialNetwork).orElse(null);
        return new Model(id, spec, network, 0, 0, false, null, createdAt, null);
    }

    public State state() {
        if (training) {
            return State.TRAINING;
        }
        return version == 0 ? State.CREATED : State.TRAINED;
    }

    /** Changes whenever anything else about the model does. */
    public String revision() {
        return "%s-%d-%s"
                .formatted(
                        Long.toString(createdAt.toEpochMilli(), 36),
                        version,
                        state().name().charAt(0));
    }

    /** Whether this is the given model, possibly changed since, and not another one under the same id. */
    boolean isSuccessorOf(Model earlier) {
        return id.equals(earlier.id) && createdAt.equals(earlier.createdAt);
    }

    Model withTraining(boolean training) {
        return new Model(id, spec, network, version, epochs, training, metrics, createdAt, trainedAt);
    }

    Model publish(Publication publication, Instant now) {
        return new Model(
                id,
                spec.withArchitecture(publication.architecture()),
                publication.network(),
                version + 1,
                publication.epochs(),
                training,
                publication.metrics(),
                createdAt,
                now);
    }
}
