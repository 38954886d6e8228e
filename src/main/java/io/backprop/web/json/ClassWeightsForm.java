package io.backprop.web.json;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Weights of examples by their class as JSON: an object with a weight for each label, or {@code "balanced"}.
 *
 * @param byLabel null for balanced weights
 */
@Schema(name = "ClassWeights")
public record ClassWeightsForm(@JsonValue @Nullable Map<String, @NotNull @PositiveOrZero Float> byLabel) {

    public static final String BALANCED = "balanced";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ClassWeightsForm {}

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static ClassWeightsForm of(String text) {
        requireArgument(
                text.equals(BALANCED),
                "classWeights must be balanced, or a weight for each class, but was \"%s\"",
                text);
        return new ClassWeightsForm(null);
    }
}
