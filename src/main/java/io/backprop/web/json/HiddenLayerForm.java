package io.backprop.web.json;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** A hidden layer; one without other settings may be written as the number of its units. */
@Schema(name = "HiddenLayer")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HiddenLayerForm(
        @NotNull @Min(1) Integer units,
        @Nullable Activation activation,

        @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
        Float dropout) {

    @JsonCreator
    public HiddenLayerForm {}

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static HiddenLayerForm of(int units) {
        return new HiddenLayerForm(units, null, null);
    }

    public LayerSpec toLayer(Activation defaultActivation) {
        return new LayerSpec(units, requireNonNullElse(activation, defaultActivation), requireNonNullElse(dropout, 0f));
    }
}
