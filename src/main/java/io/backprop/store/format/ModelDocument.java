package io.backprop.store.format;

import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A version of a model without its parameters. */
public record ModelDocument(
        int format,
        ModelSpec spec,
        long epochs,
        @Nullable Map<String, @Nullable Double> trainingMetrics,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        @Nullable Instant trainedAt) {

    public static ModelDocument of(Model model) {
        return new ModelDocument(
                Documents.FORMAT,
                model.spec(),
                model.epochs(),
                model.trainingMetrics(),
                model.validationMetrics(),
                model.trainedAt());
    }
}
