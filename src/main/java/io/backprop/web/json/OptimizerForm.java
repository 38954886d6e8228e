package io.backprop.web.json;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.engine.Optimizer;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of an {@link Optimizer}; an absent field has the default of the engine. The engine's records cannot be
 * bound directly: Bean Validation reports every invalid field by its pointer, and an absent number is not 0.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "sgd", value = OptimizerForm.SgdForm.class),
    @JsonSubTypes.Type(name = "rmsprop", value = OptimizerForm.RmsPropForm.class),
    @JsonSubTypes.Type(name = "adam", value = OptimizerForm.AdamForm.class),
    @JsonSubTypes.Type(name = "adamw", value = OptimizerForm.AdamWForm.class)
})
@Schema(name = "Optimizer")
public sealed interface OptimizerForm {

    Optimizer toOptimizer();

    static OptimizerForm of(Optimizer optimizer) {
        if (optimizer instanceof Optimizer.Sgd sgd) {
            return new SgdForm(sgd.momentum(), sgd.nesterov());
        }
        if (optimizer instanceof Optimizer.RmsProp rmsProp) {
            return new RmsPropForm(rmsProp.rho(), rmsProp.epsilon());
        }
        if (optimizer instanceof Optimizer.Adam adam) {
            return new AdamForm(adam.beta1(), adam.beta2(), adam.epsilon());
        }
        Optimizer.AdamW adamW = (Optimizer.AdamW) optimizer;
        return new AdamWForm(adamW.beta1(), adamW.beta2(), adamW.epsilon(), adamW.weightDecay());
    }

    /** Gradient descent with optional momentum. */
    @Schema(name = "Sgd")
    record SgdForm(
            @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
            Float momentum,

            @Nullable Boolean nesterov)
            implements OptimizerForm {
        @Override
        public Optimizer toOptimizer() {
            Optimizer.Sgd defaults = new Optimizer.Sgd();
            return new Optimizer.Sgd(
                    requireNonNullElse(momentum, defaults.momentum()),
                    requireNonNullElse(nesterov, defaults.nesterov()));
        }
    }

    /** Divides the step by the root of a running mean of squared gradients. */
    @Schema(name = "RmsProp")
    record RmsPropForm(
            @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
            Float rho,

            @Nullable @Positive Float epsilon)
            implements OptimizerForm {
        @Override
        public Optimizer toOptimizer() {
            Optimizer.RmsProp defaults = new Optimizer.RmsProp();
            return new Optimizer.RmsProp(
                    requireNonNullElse(rho, defaults.rho()), requireNonNullElse(epsilon, defaults.epsilon()));
        }
    }

    /** Combines momentum with steps divided by the root of the mean squared gradient. */
    @Schema(name = "Adam")
    record AdamForm(
            @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
            Float beta1,

            @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
            Float beta2,

            @Nullable @Positive Float epsilon)
            implements OptimizerForm {
        @Override
        public Optimizer toOptimizer() {
            Optimizer.Adam defaults = new Optimizer.Adam();
            return new Optimizer.Adam(
                    requireNonNullElse(beta1, defaults.beta1()),
                    requireNonNullElse(beta2, defaults.beta2()),
                    requireNonNullElse(epsilon, defaults.epsilon()));
        }
    }

    /** Adam with decoupled weight decay. */
    @Schema(name = "AdamW")
    record AdamWForm(
            @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
            Float beta1,

            @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
            Float beta2,

            @Nullable @Positive Float epsilon,
            @Nullable @PositiveOrZero Float weightDecay)
            implements OptimizerForm {
        @Override
        public Optimizer toOptimizer() {
            Optimizer.AdamW defaults = new Optimizer.AdamW();
            return new Optimizer.AdamW(
                    requireNonNullElse(beta1, defaults.beta1()),
                    requireNonNullElse(beta2, defaults.beta2()),
                    requireNonNullElse(epsilon, defaults.epsilon()),
                    requireNonNullElse(weightDecay, defaults.weightDecay()));
        }
    }
}
