package io.backprop.driver;

import io.backprop.tabular.FitOptions;
import org.jspecify.annotations.Nullable;

/**
 * A training that a driver has claimed.
 *
 * @param model id of the model
 * @param training number of the training of this model, from 1
 * @param lease goes with every request about the training; if another driver has claimed it since, the answer is 409
 * @param table a {@link TableName}
 * @param options of the fit
 * @param shards into which the rows are divided
 * @param seconds time spent in the training by earlier drivers
 * @param timeLeftSeconds until the time limit
 * @param preparation null unless an earlier driver has fitted the table
 * @param checkpoint whether there is a checkpoint of an earlier driver to resume from
 */
public record TrainingClaim(
        String model,
        int training,
        long lease,
        String table,
        FitOptions options,
        int shards,
        double seconds,
        double timeLeftSeconds,
        @Nullable Preparation preparation,
        boolean checkpoint) {

    /** The path of a resource of this training, such as {@code progress}. */
    public String path(String resource) {
        return "/models/%s/trainings/%d/%s".formatted(model, training, resource);
    }
}
