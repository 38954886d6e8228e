package io.backprop.web.json;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.LearningRateFactors;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON form of the {@link LearningRateFactors} of one layer, or of all layers. */
@Schema(name = "LearningRateFactors")
public record LearningRateFactorsForm(
        @Nullable @PositiveOrZero Float weights,
        @Nullable @PositiveOrZero Float biases) {

    public static List<LearningRateFactorsForm> of(LearningRateFactors factors) {
        return factors.layers().stream()
                .map(layer -> new LearningRateFactorsForm(layer.weights(), layer.biases()))
                .toList();
    }

    public static LearningRateFactors toFactors(List<LearningRateFactorsForm> forms) {
        return new LearningRateFactors(forms.stream()
                .map(form -> new LearningRateFactors.Layer(
                        requireNonNullElse(form.weights, 1f), requireNonNullElse(form.biases, 1f)))
                .toList());
    }
}
