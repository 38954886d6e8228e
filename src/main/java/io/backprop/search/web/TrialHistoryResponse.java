package io.backprop.search.web;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The losses of a trial in columns of the same length; null where a value is not finite. */
@Schema(name = "TrialHistory")
record TrialHistoryResponse(
        @Schema(description = "Numbers of the epochs, from 1")
        List<Integer> epochs,

        @Schema(description = "Training loss of each epoch") List<@Nullable Double> loss,

        @Schema(description = "Loss of the held-out rows after each epoch") @Nullable
        List<@Nullable Double> validationLoss) {}
