package io.backprop.web.json;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.engine.Loss;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/** The JSON form of a {@link Loss}, without the label smoothing, which a model has before its loss is known. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "mean_squared_error", value = LossForm.MeanSquaredErrorForm.class),
    @JsonSubTypes.Type(name = "mean_absolute_error", value = LossForm.MeanAbsoluteErrorForm.class),
    @JsonSubTypes.Type(name = "huber", value = LossForm.HuberForm.class),
    @JsonSubTypes.Type(name = "quantile", value = LossForm.QuantileForm.class),
    @JsonSubTypes.Type(name = "poisson", value = LossForm.PoissonForm.class),
    @JsonSubTypes.Type(name = "binary_crossentropy", value = LossForm.BinaryCrossentropyForm.class),
    @JsonSubTypes.Type(name = "categorical_crossentropy", value = LossForm.CategoricalCrossentropyForm.class)
})
@Schema(name = "Loss")
public sealed interface LossForm {

    Loss toLoss();

    static LossForm of(Loss loss) {
        if (loss instanceof Loss.MeanSquaredError) {
            return new MeanSquaredErrorForm();
        }
        if (loss instanceof Loss.MeanAbsoluteError) {
            return new MeanAbsoluteErrorForm();
        }
        if (loss instanceof Loss.Huber huber) {
            return new HuberForm(huber.delta());
        }
        if (loss instanceof Loss.Quantile quantile) {
            return new QuantileForm(quantile.q());
        }
        if (loss instanceof Loss.Poisson) {
            return new PoissonForm();
        }
        return loss instanceof Loss.BinaryCrossentropy
                ? new BinaryCrossentropyForm()
                : new CategoricalCrossentropyForm();
    }

    /** The mean squared error. */
    @Schema(name = "MeanSquaredError")
    record MeanSquaredErrorForm() implements LossForm {
        @Override
        public Loss toLoss() {
            return new Loss.MeanSquaredError();
        }
    }

    /** The mean absolute error. */
    @Schema(name = "MeanAbsoluteError")
    record MeanAbsoluteErrorForm() implements LossForm {
        @Override
        public Loss toLoss() {
            return new Loss.MeanAbsoluteError();
        }
    }

    /** Quadratic for errors up to delta, then linear. */
    @Schema(name = "Huber")
    record HuberForm(@Nullable @Positive Float delta) implements LossForm {
        @Override
        public Loss toLoss() {
            return new Loss.Huber(requireNonNullElse(delta, Loss.Huber.DEFAULT_DELTA));
        }
    }

    /** The pinball loss, whose minimum is the quantile q of the targets. */
    @Schema(name = "Quantile")
    record QuantileForm(
            @Nullable @DecimalMin(value = "0", inclusive = false) @DecimalMax(value = "1", inclusive = false)
            Float q) implements LossForm {
        @Override
        public Loss toLoss() {
            return new Loss.Quantile(requireNonNullElse(q, Loss.Quantile.DEFAULT_Q));
        }
    }

    /** For counts, predicted by exponential or softplus outputs. */
    @Schema(name = "Poisson")
    record PoissonForm() implements LossForm {
        @Override
        public Loss toLoss() {
            return new Loss.Poisson();
        }
    }

    /** The cross-entropy of each sigmoid output. */
    @Schema(name = "BinaryCrossentropy")
    record BinaryCrossentropyForm() implements LossForm {
        @Override
        public Loss toLoss() {
            return new Loss.BinaryCrossentropy();
        }
    }

    /** The cross-entropy of the softmax outputs. */
    @Schema(name = "CategoricalCrossentropy")
    record CategoricalCrossentropyForm() implements LossForm {
        @Override
        public Loss toLoss() {
            return new Loss.CategoricalCrossentropy();
        }
    }
}
