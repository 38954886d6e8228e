package io.backprop.training;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How to search, as far as trainings know it. */
public interface SearchCommand {

    /** The seed of the rows that are held out; null for that of the model. */
    @Nullable
    Long seed();

    /**
     * What is in effect in the search.
     *
     * @param prepared the training of the model as it is
     * @param limits called with the training of each trial; throws if it is too large
     */
    SearchPlan plan(PreparedTraining prepared, Consumer<PreparedTraining> limits);
}
