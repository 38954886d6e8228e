package io.backprop.model.web;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LayerSpec;
import io.backprop.model.InvalidInputException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dropout of hidden layers: one number for all of them, or a list with one number for each.
 *
 * @param all null for a list
 */
@Schema(name = "Dropout")
record DropoutForm(@Nullable Float all, List<Float> each) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DropoutForm of(float all) {
        return new DropoutForm(all, List.of());
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DropoutForm of(List<@Nullable Float> each) {
        requireArgument(!each.contains(null), "dropout must be numbers, but has null");
        return new DropoutForm(null, List.copyOf(each));
    }

    List<LayerSpec> applyTo(List<LayerSpec> hidden) {
        InvalidInputException.require(
                "dropout",
                !hidden.isEmpty() || (all == null ? each.isEmpty() : all == 0),
                "dropout is for hidden layers, but the model has none");
        List<Float> dropouts = all == null ? each : Collections.nCopies(hidden.size(), all);
        if (dropouts.size() != hidden.size()) {
            throw new InvalidInputException(
                    "dropout",
                    "dropout must be a number, or a list of one number for each of the %d hidden layers, but has %d"
                            .formatted(hidden.size(), dropouts.size()));
        }
        List<LayerSpec> layers = new ArrayList<>();
        for (int layer = 0; layer < hidden.size(); layer++) {
            try {
                layers.add(new LayerSpec(
                        hidden.get(layer).units(), hidden.get(layer).activation(), dropouts.get(layer)));
            } catch (InvalidArgumentException e) {
                throw new InvalidInputException(all == null ? "/dropout/" + layer : "dropout", e);
            }
        }
        return layers;
    }
}
