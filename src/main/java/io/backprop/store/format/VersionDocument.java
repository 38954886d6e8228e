package io.backprop.store.format;

import io.backprop.model.Architecture;
import io.backprop.model.Model;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A version of a model without its parameters. */
public record VersionDocument(
        int format,
        Architecture architecture,
        long epochs,
        @Nullable Map<String, @Nullable Double> trainingMetrics,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        List<String> warnings,
        @Nullable Instant trainedAt) {

    public static VersionDocument of(Model model) {
        return new VersionDocument(
                Documents.FORMAT,
                model.spec().architecture(),
                model.epochs(),
                model.trainingMetrics(),
                model.validationMetrics(),
                model.trainingWarnings(),
                model.trainedAt());
    }
}
