package io.backprop.search.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Activation;
import io.backprop.engine.Initializer;
import io.backprop.search.Configuration;
import io.backprop.search.SearchField;
import io.backprop.search.Setting;
import io.backprop.web.json.HiddenLayerForm;
import io.backprop.web.json.OptimizerForm;
import io.backprop.web.json.ScheduleForm;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of a trial as JSON, by the names of the model's fields; those of the model as it is are absent. */
@Schema(name = "Configuration")
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConfigurationResponse(
        @Nullable List<HiddenLayerForm> hidden,
        @Nullable Activation activation,
        @Nullable Initializer initializer,
        @Nullable OptimizerForm optimizer,
        @Nullable ScheduleForm learningRateSchedule,
        @Nullable Double learningRate,
        @Nullable Double dropout,
        @Nullable Double labelSmoothing,
        @Nullable Double weightDecay,
        @Nullable Integer batchSize,
        @Nullable Double l1,
        @Nullable Double l2,
        @Nullable Double globalClipNorm,
        @Nullable Double frontScale) {

    static ConfigurationResponse of(Configuration configuration) {
        Setting hidden = configuration.settings().get(SearchField.HIDDEN);
        Double batchSize = number(configuration, SearchField.BATCH_SIZE);
        return new ConfigurationResponse(
                hidden == null ? null : hidden(hidden),
                configuration.settings().get(SearchField.ACTIVATION) instanceof Setting.HiddenActivation activation
                        ? activation.value()
                        : null,
                configuration.settings().get(SearchField.INITIALIZER) instanceof Setting.Initializer initializer
                        ? initializer.value()
                        : null,
                configuration.settings().get(SearchField.OPTIMIZER) instanceof Setting.Optimization optimizer
                        ? OptimizerForm.of(optimizer.value())
                        : null,
                configuration.settings().get(SearchField.LEARNING_RATE_SCHEDULE) instanceof Setting.Schedule schedule
                        ? ScheduleForm.of(schedule.value())
                        : null,
                number(configuration, SearchField.LEARNING_RATE),
                number(configuration, SearchField.DROPOUT),
                number(configuration, SearchField.LABEL_SMOOTHING),
                number(configuration, SearchField.WEIGHT_DECAY),
                batchSize == null ? null : batchSize.intValue(),
                number(configuration, SearchField.L1),
                number(configuration, SearchField.L2),
                number(configuration, SearchField.GLOBAL_CLIP_NORM),
                number(configuration, SearchField.FRONT_SCALE));
    }

    static List<HiddenLayerForm> hidden(Setting setting) {
        return ((Setting.Hidden) setting)
                .layers().stream()
                        .map(layer -> new HiddenLayerForm(layer.units(), layer.activation(), layer.dropout()))
                        .toList();
    }

    private static @Nullable Double number(Configuration configuration, SearchField field) {
        return configuration.settings().get(field) instanceof Setting.Numeric number ? number.value() : null;
    }
}
