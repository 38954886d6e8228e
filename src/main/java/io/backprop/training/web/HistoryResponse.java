package io.backprop.training.web;

import io.backprop.training.Losses;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One loss per epoch; within a training that is longer than 1,000 epochs it is thinned evenly. */
@Schema(name = "History")
record HistoryResponse(List<Double> loss, @Nullable List<Double> validationLoss) {

    static HistoryResponse of(Losses losses) {
        return new HistoryResponse(losses.training(), losses.validation());
    }
}
