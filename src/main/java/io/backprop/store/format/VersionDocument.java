package io.backprop.store.format;

import io.backprop.engine.Ensemble;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model without its parameters.
 *
 * @param networks number of networks; 0 in version 0, whose parameters follow from the seed
 * @param temperature of the probabilities; 1 without one
 */
public record VersionDocument(
        int format,
        Architecture architecture,
        int networks,
        double temperature,
        long epochs,
        @Nullable Map<String, @Nullable Double> trainingMetrics,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        List<String> warnings,
        @Nullable Instant trainedAt) {

    public static VersionDocument of(Model model) {
        Ensemble ensemble = model.ensemble();
        return new VersionDocument(
                Documents.FORMAT,
                model.spec().architecture(),
                ensemble == null ? 0 : ensemble.networks().size(),
                ensemble == null ? 1 : ensemble.temperature(),
                model.epochs(),
                model.trainingMetrics(),
                model.validationMetrics(),
                model.trainingWarnings(),
                model.trainedAt());
    }
}
