package io.backprop.search;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.InvalidInputException;
import io.backprop.model.ModelSpec;
import io.backprop.training.PreparedTraining;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The settings of one trial, by field.
 *
 * @param settings empty for the model as it is
 */
public record Configuration(Map<SearchField, Setting> settings) {

    /** The model as it is. */
    public static final Configuration NONE = new Configuration(Map.of());

    public Configuration {
        EnumMap<SearchField, Setting> ordered = new EnumMap<>(SearchField.class);
        ordered.putAll(settings);
        settings = Collections.unmodifiableMap(ordered);
    }

    /**
     * The training of a model with these settings in place of its own. What the request of the search says in place of the
     * model remains, unless it is searched.
     *
     * @param search of the model as it is
     * @throws InvalidInputException if a setting does not fit; it points to the field of the space
     */
    PreparedTraining applyTo(PreparedTraining search) {
        ModelSpec spec = applyTo(search.model().spec().withArchitecture(search.architecture()));
        TrainingPlan changed = spec.plan();
        TrainingPlan plan = search.plan()
                .withOptimizer(changed.optimizer())
                .withSchedule(changed.schedule())
                .withLearningRateFactors(changed.learningRateFactors()) // which may depend on the layers
                .withFrontScale(changed.frontScale())
                .withRegularization(changed.regularization());
        if (settings.containsKey(SearchField.LEARNING_RATE)) {
            plan = plan.withLearningRate(changed.learningRate());
        }
        if (settings.containsKey(SearchField.BATCH_SIZE)) {
            plan = plan.withBatches(changed.batchSize(), plan.shuffle());
        }
        return search.with(spec, plan);
    }

    /** A description with these settings in place of its own. */
    ModelSpec applyTo(ModelSpec spec) {
        ModelSpec changed = spec;
        for (Map.Entry<SearchField, Setting> entry : settings.entrySet()) {
            String pointer = SearchSpace.pointer(entry.getKey());
            try {
                changed = entry.getValue().applyTo(changed);
            } catch (InvalidArgumentException e) {
                throw new InvalidInputException(pointer, e);
            } catch (InvalidInputException e) {
                throw new InvalidInputException(pointer, String.valueOf(e.getMessage()));
            }
        }
        return changed;
    }
}
