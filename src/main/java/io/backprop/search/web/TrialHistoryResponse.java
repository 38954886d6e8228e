package io.backprop.search.web;

import io.backprop.training.History;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The losses of a trial in columns of the same length; null where a value is not finite. */
@Schema(name = "TrialHistory")
record TrialHistoryResponse(
        @Schema(description = "Numbers of the epochs, from 1")
        List<Integer> epochs,

        @Schema(description = "Training loss of each epoch") List<@Nullable Double> loss,

        @Schema(description = "Loss of the held-out rows after each epoch") @Nullable
        List<@Nullable Double> validationLoss) {

    static final int MIN_POINTS = 2;
    static final int MAX_POINTS = 500;

    /** Thins a history evenly; the first and the last epoch are kept. */
    static TrialHistoryResponse of(History history, int points) {
        List<Integer> epochs = new ArrayList<>();
        List<@Nullable Double> loss = new ArrayList<>();
        List<@Nullable Double> measured = history.validationLoss();
        List<@Nullable Double> validationLoss = measured == null ? null : new ArrayList<>();
        for (int epoch : history.epochs(points)) {
            epochs.add(epoch);
            loss.add(history.loss().get(epoch - 1));
            if (measured != null && validationLoss != null) {
                validationLoss.add(measured.get(epoch - 1));
            }
        }
        return new TrialHistoryResponse(epochs, loss, validationLoss);
    }
}
