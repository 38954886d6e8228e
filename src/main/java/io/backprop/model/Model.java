package io.backprop.model;

import io.backprop.engine.Network;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of a model.
 *
 * @param network with the parameters of this version; null in version 0, whose parameters follow from the seed, and in
 *     lists
 * @param version number of publications of parameters
 * @param epochs trained since the parameters were last initialized
 * @param training whether a training is queued or running
 * @param trainingMetrics metrics of the parameters on the training rows of the last training; null without one
 * @param validationMetrics metrics of the parameters on its validation rows; null without any
 */
public record Model(
        String id,
        ModelSpec spec,
        @Nullable Network network,
        long version,
        long epochs,
        boolean training,
        @Nullable Map<String, @Nullable Double> trainingMetrics,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        Instant createdAt,
        @Nullable Instant trainedAt) {

    /** The regular expression of ids. */
    public static final String ID = "[a-z0-9][a-z0-9._-]{0,63}";

    public enum State {
        CREATED,
        TRAINING,
        TRAINED
    }

    static Model create(String id, ModelSpec spec, Instant createdAt) {
        return new Model(id, spec, null, 0, 0, false, null, null, createdAt, null);
    }

    public State state() {
        if (training) {
            return State.TRAINING;
        }
        return version == 0 ? State.CREATED : State.TRAINED;
    }

    /** The network, trained or initial; empty while its widths are unknown. */
    public Optional<Network> currentNetwork() {
        if (network != null) {
            return Optional.of(network);
        }
        return spec.architecture().networkSpec().map(spec::initialNetwork);
    }

    /** Changes whenever another property of the model changes. */
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

    /** Whether this is the same version of the given model, rather than of another model with the same id. */
    boolean hasParametersOf(Model earlier) {
        return id.equals(earlier.id) && createdAt.equals(earlier.createdAt) && version == earlier.version;
    }

    public Model withTraining(boolean training) {
        return new Model(
                id, spec, network, version, epochs, training, trainingMetrics, validationMetrics, createdAt, trainedAt);
    }

    /** This version with other parameters, which are not published yet. */
    public Model withParameters(
            Architecture architecture,
            Network found,
            long epochs,
            @Nullable Map<String, @Nullable Double> trainingMetrics,
            @Nullable Map<String, @Nullable Double> validationMetrics) {
        ModelSpec fitted = spec.withArchitecture(architecture);
        return new Model(
                id, fitted, found, version, epochs, training, trainingMetrics, validationMetrics, createdAt, trainedAt);
    }

    /** The next version, with the parameters of the given one. */
    Model publish(Model source, Instant now) {
        return new Model(
                id,
                source.spec,
                source.network,
                version + 1,
                source.epochs,
                training,
                source.trainingMetrics,
                source.validationMetrics,
                createdAt,
                now);
    }
}
