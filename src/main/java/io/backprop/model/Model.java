package io.backprop.model;

import io.backprop.engine.Ensemble;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of a model. Its settings and description belong to all versions: parameters that are published later
 * do not change them.
 *
 * @param changes number of changes of the settings and the description
 * @param ensemble the networks with the parameters of this version; null in version 0, whose parameters follow from the
 *     seed, and in lists
 * @param version number of publications of parameters
 * @param epochs trained since the parameters were last initialized
 * @param training whether a training is queued or running
 * @param trainingMetrics metrics of the parameters on the training rows of the last training; null without one
 * @param validationMetrics metrics of the parameters on its validation rows; null without any
 * @param trainingWarnings what the last training did that the client may not expect
 */
public record Model(
        String id,
        ModelSpec spec,
        Description description,
        long changes,
        @Nullable Ensemble ensemble,
        long version,
        long epochs,
        boolean training,
        @Nullable Map<String, @Nullable Double> trainingMetrics,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        List<String> trainingWarnings,
        Instant createdAt,
        @Nullable Instant trainedAt) {

    /** The regular expression of ids. */
    public static final String ID = "[a-z0-9][a-z0-9._-]{0,63}";

    public enum State {
        CREATED,
        TRAINING,
        TRAINED
    }

    public Model {
        trainingWarnings = List.copyOf(trainingWarnings);
    }

    static Model create(String id, ModelSpec spec, Description description, Instant createdAt) {
        return new Model(id, spec, description, 0, null, 0, 0, false, null, null, List.of(), createdAt, null);
    }

    /** A new model with the settings, the parameters and the description of another; untrained if that is. */
    static Model copy(String id, Model source, Instant now) {
        boolean trained = source.ensemble != null;
        return new Model(
                id,
                source.spec,
                source.description,
                0,
                source.ensemble,
                trained ? 1 : 0,
                source.epochs,
                false,
                source.trainingMetrics,
                source.validationMetrics,
                source.trainingWarnings,
                now,
                trained ? now : null);
    }

    /** This model under another id. */
    public Model withId(String other) {
        return new Model(
                other,
                spec,
                description,
                changes,
                ensemble,
                version,
                epochs,
                training,
                trainingMetrics,
                validationMetrics,
                trainingWarnings,
                createdAt,
                trainedAt);
    }

    /** This model as one that is created now. */
    Model asNew(Instant now) {
        return new Model(
                id,
                spec,
                description,
                0,
                ensemble,
                version,
                epochs,
                false,
                trainingMetrics,
                validationMetrics,
                trainingWarnings,
                now,
                trainedAt);
    }

    public State state() {
        if (training) {
            return State.TRAINING;
        }
        return version == 0 ? State.CREATED : State.TRAINED;
    }

    /** What the client may not expect of the description and of the last training. */
    public List<String> warnings() {
        return Stream.concat(spec.warnings().stream(), trainingWarnings.stream())
                .distinct()
                .toList();
    }

    /** Changes whenever another property of the model changes. */
    public String revision() {
        return "%s-%d-%d-%s"
                .formatted(
                        Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, createdAt), 36),
                        version,
                        changes,
                        training ? "training" : "idle");
    }

    ModelHead head() {
        return new ModelHead(id, createdAt, version, changes, training);
    }

    /** Whether this is the same version of the given model, rather than of another model with the same id. */
    boolean hasParametersOf(Model earlier) {
        return id.equals(earlier.id) && createdAt.equals(earlier.createdAt) && version == earlier.version;
    }

    /** The approximate memory of everything but the parameters. */
    long textBytes() {
        return spec.described().textBytes()
                + spec.architecture().textBytes()
                + Architecture.bytesOf(Stream.concat(description.texts(), trainingWarnings.stream()));
    }

    public Model withTraining(boolean training) {
        return new Model(
                id,
                spec,
                description,
                changes,
                ensemble,
                version,
                epochs,
                training,
                trainingMetrics,
                validationMetrics,
                trainingWarnings,
                createdAt,
                trainedAt);
    }

    /** This model with other settings and another description; the same if they are equal. */
    public Model withSettings(ModelSpec changed, Description described) {
        boolean same = changed.equals(spec) && described.equals(description);
        return new Model(
                id,
                changed,
                described,
                same ? changes : changes + 1,
                ensemble,
                version,
                epochs,
                training,
                trainingMetrics,
                validationMetrics,
                trainingWarnings,
                createdAt,
                trainedAt);
    }

    /** This version with other parameters, which are not published yet. */
    public Model withParameters(
            Architecture architecture,
            Ensemble found,
            long epochs,
            @Nullable Map<String, @Nullable Double> trainingMetrics,
            @Nullable Map<String, @Nullable Double> validationMetrics,
            List<String> trainingWarnings) {
        return new Model(
                id,
                spec.withVersion(architecture, found.networks().size()),
                description,
                changes,
                found,
                version,
                epochs,
                training,
                trainingMetrics,
                validationMetrics,
                trainingWarnings,
                createdAt,
                trainedAt);
    }

    /** The next version, with the parameters of the given one. */
    Model publish(Model source, Instant now) {
        return withVersionOf(source, version + 1, now);
    }

    /** This model as of an earlier version. */
    Model at(Model earlier) {
        return withVersionOf(earlier, earlier.version, earlier.trainedAt);
    }

    /** This version under another number, for a current version that is corrupt. */
    Model inPlaceOf(long number) {
        return withVersionOf(this, number, trainedAt);
    }

    /** The number of networks that this version has; 0 in version 0, and in lists as many as the model averages. */
    private int networks() {
        if (ensemble != null) {
            return ensemble.networks().size();
        }
        return version == 0 ? 0 : spec.ensemble().size();
    }

    /** This model as one that trains the given networks. */
    public Model withNetworks(EnsembleSpec networks) {
        return new Model(
                id,
                spec.withEnsemble(networks, spec.calibrate()),
                description,
                changes,
                ensemble,
                version,
                epochs,
                training,
                trainingMetrics,
                validationMetrics,
                trainingWarnings,
                createdAt,
                trainedAt);
    }

    private Model withVersionOf(Model source, long number, @Nullable Instant time) {
        return new Model(
                id,
                spec.withVersion(source.spec.architecture(), source.networks()),
                description,
                changes,
                source.ensemble,
                number,
                source.epochs,
                training,
                source.trainingMetrics,
                source.validationMetrics,
                source.trainingWarnings,
                createdAt,
                time);
    }
}
