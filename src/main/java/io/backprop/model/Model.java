package io.backprop.model;

import io.backprop.engine.Network;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model as it is at one moment; a change makes a new one.
 *
 * @param network with the parameters of this version; absent before the first, since the seed tells what they would be,
 *     and in lists
 * @param version grows by one with each publication of parameters, from 0
 * @param epochs trained so far, since the last reset
 * @param training whether a training is under way
 * @param metrics of the last training, those that say most
 */
public record Model(
        String id,
        ModelSpec spec,
        @Nullable Network network,
        long version,
        long epochs,
        boolean training,
        @Nullable Map<String, @Nullable Double> metrics,
        Instant createdAt,
        @Nullable Instant trainedAt) {

    /** What an id looks like, as a regular expression. */
    public static final String ID = "[a-z0-9][a-z0-9._-]{0,63}";

    /** Where a model is in its life. */
    public enum State {
        CREATED,
        TRAINING,
        TRAINED
    }

    static Model create(String id, ModelSpec spec, Instant createdAt) {
        return new Model(id, spec, null, 0, 0, false, null, createdAt, null);
    }

    public State state() {
        if (training) {
            return State.TRAINING;
        }
        return version == 0 ? State.CREATED : State.TRAINED;
    }

    /** The network as it is now, trained or not; empty while its widths are unknown. */
    public Optional<Network> currentNetwork() {
        if (network != null) {
            return Optional.of(network);
        }
        return spec.architecture().networkSpec().map(spec::initialNetwork);
    }

    /** Changes whenever anything else about the model does. */
    public String revision() {
        return "%s-%d-%s"
                .formatted(
                        Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, createdAt), 36),
                        version,
                        training ? "training" : "idle");
    }

    ModelHead head() {
        return new ModelHead(id, createdAt, version, training);
    }

    /** Whether this is the given model, possibly changed since, and not another one under the same id. */
    boolean isSuccessorOf(Model earlier) {
        return id.equals(earlier.id) && createdAt.equals(earlier.createdAt);
    }

    boolean hasParametersOf(Model earlier) {
        return isSuccessorOf(earlier) && version == earlier.version;
    }

    public Model withTraining(boolean training) {
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
