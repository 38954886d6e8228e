package io.backprop.training;

import io.backprop.model.PageCursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the list of trainings of all models, newest first.
 *
 * @param next the start of the next page; null on the last page
 */
public record TrainingPage(
        List<Training> trainings, @Nullable PageCursor next) {}
