package io.backprop.search.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.backprop.engine.Activation;
import io.backprop.engine.Initializer;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.model.Architecture;
import io.backprop.model.InvalidInputException;
import io.backprop.search.Domain;
import io.backprop.search.SearchField;
import io.backprop.search.SearchSpace;
import io.backprop.search.Setting;
import io.backprop.web.json.HiddenLayerForm;
import io.backprop.web.json.OptimizerForm;
import io.backprop.web.json.ScheduleForm;
import io.backprop.web.json.TypeNameDeserializer;
import io.backprop.web.json.UnknownFields;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A {@link SearchSpace} as JSON; a setting that is absent is not searched. */
@Schema(name = "SearchSpace")
@UnknownFields(value = "can't be searched", known = "Settings that can be searched", isInvalid = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
record SearchSpaceForm(
        @Nullable @Valid HiddenValues hidden,
        @Nullable @Valid ActivationValues activation,
        @Nullable @Valid InitializerValues initializer,
        @Nullable @Valid OptimizerValues optimizer,
        @Nullable @Valid ScheduleValues learningRateSchedule,
        @Nullable @Valid NumberDomain learningRate,
        @Nullable @Valid NumberDomain dropout,
        @Nullable @Valid NumberDomain labelSmoothing,
        @Nullable @Valid NumberDomain weightDecay,
        @Nullable @Valid IntegerDomain batchSize,
        @Nullable @Valid NumberDomain l1,
        @Nullable @Valid NumberDomain l2,
        @Nullable @Valid NumberDomain globalClipNorm,
        @Nullable @Valid NumberDomain frontScale) {

    private static final int MAX_VALUES = 1_000;

    SearchSpace toSpace() {
        Map<SearchField, Domain> domains = new EnumMap<>(SearchField.class);
        forms().forEach((field, form) -> domains.put(field, form.toDomain(field)));
        return new SearchSpace(domains);
    }

    private Map<SearchField, DomainForm> forms() {
        Map<SearchField, DomainForm> forms = new EnumMap<>(SearchField.class);
        putIfGiven(forms, SearchField.HIDDEN, hidden);
        putIfGiven(forms, SearchField.ACTIVATION, activation);
        putIfGiven(forms, SearchField.INITIALIZER, initializer);
        putIfGiven(forms, SearchField.OPTIMIZER, optimizer);
        putIfGiven(forms, SearchField.LEARNING_RATE_SCHEDULE, learningRateSchedule);
        putIfGiven(forms, SearchField.LEARNING_RATE, learningRate);
        putIfGiven(forms, SearchField.DROPOUT, dropout);
        putIfGiven(forms, SearchField.LABEL_SMOOTHING, labelSmoothing);
        putIfGiven(forms, SearchField.WEIGHT_DECAY, weightDecay);
        putIfGiven(forms, SearchField.BATCH_SIZE, batchSize);
        putIfGiven(forms, SearchField.L1, l1);
        putIfGiven(forms, SearchField.L2, l2);
        putIfGiven(forms, SearchField.GLOBAL_CLIP_NORM, globalClipNorm);
        putIfGiven(forms, SearchField.FRONT_SCALE, frontScale);
        return forms;
    }

    private static void putIfGiven(Map<SearchField, DomainForm> forms, SearchField field, @Nullable DomainForm form) {
        if (form != null) {
            forms.put(field, form);
        }
    }

    static SearchSpaceForm of(SearchSpace space) {
        return new SearchSpaceForm(
                HiddenValues.of(space.domains().get(SearchField.HIDDEN)),
                ActivationValues.of(space.domains().get(SearchField.ACTIVATION)),
                InitializerValues.of(space.domains().get(SearchField.INITIALIZER)),
                OptimizerValues.of(space.domains().get(SearchField.OPTIMIZER)),
                ScheduleValues.of(space.domains().get(SearchField.LEARNING_RATE_SCHEDULE)),
                NumberDomain.of(space.domains().get(SearchField.LEARNING_RATE)),
                NumberDomain.of(space.domains().get(SearchField.DROPOUT)),
                NumberDomain.of(space.domains().get(SearchField.LABEL_SMOOTHING)),
                NumberDomain.of(space.domains().get(SearchField.WEIGHT_DECAY)),
                IntegerDomain.of(space.domains().get(SearchField.BATCH_SIZE)),
                NumberDomain.of(space.domains().get(SearchField.L1)),
                NumberDomain.of(space.domains().get(SearchField.L2)),
                NumberDomain.of(space.domains().get(SearchField.GLOBAL_CLIP_NORM)),
                NumberDomain.of(space.domains().get(SearchField.FRONT_SCALE)));
    }

    /** The values of one setting. */
    private interface DomainForm {

        Domain toDomain(SearchField field);

        static <T> Domain choice(SearchField field, List<T> values, Function<T, Setting> toSetting) {
            List<Setting> settings = new ArrayList<>();
            for (T value : values) {
                try {
                    settings.add(toSetting.apply(value));
                } catch (InvalidArgumentException e) {
                    throw new InvalidInputException(valuePointer(field, settings.size()), e);
                }
            }
            return new Domain.Choice(settings);
        }

        static <T> @Nullable List<T> values(@Nullable Domain domain, Function<Setting, T> toForm) {
            return domain instanceof Domain.Choice choice
                    ? choice.values().stream().map(toForm).toList()
                    : null;
        }

        /** A range, or values, one of which is given. */
        static <T extends Number> Domain numbers(
                SearchField field,
                @Nullable List<T> values,
                @Nullable T min,
                @Nullable T max,
                Domain.@Nullable Scale scale) {
            if (values != null) {
                InvalidInputException.require(
                        SearchSpace.pointer(field),
                        min == null && max == null && scale == null,
                        "%s takes either values, or min and max with a scale".formatted(field.id()));
                return choice(field, values, value -> new Setting.Numeric(field, value.doubleValue()));
            }
            if (min == null || max == null) {
                throw new InvalidInputException(
                        SearchSpace.pointer(field), "%s needs min and max, or values".formatted(field.id()));
            }
            try {
                return new Domain.Range(
                        field,
                        min.doubleValue(),
                        max.doubleValue(),
                        Objects.requireNonNullElse(scale, Domain.Scale.LINEAR));
            } catch (InvalidArgumentException e) {
                throw new InvalidInputException(SearchSpace.pointer(field), field.id() + ": " + e.getMessage());
            }
        }

        static String valuePointer(SearchField field, int index) {
            return "%s/values/%d".formatted(SearchSpace.pointer(field), index);
        }
    }

    /** Choices of the hidden layers. */
    @Schema(name = "HiddenValues")
    record HiddenValues(
            @NotNull @Size(min = 1, max = MAX_VALUES) List<@NotNull List<@NotNull @Valid HiddenLayerForm>> values)
            implements DomainForm {

        static @Nullable HiddenValues of(@Nullable Domain domain) {
            return domain == null
                    ? null
                    : new HiddenValues(
                            Objects.requireNonNull(DomainForm.values(domain, ConfigurationResponse::hidden)));
        }

        @Override
        public Domain toDomain(SearchField field) {
            return DomainForm.choice(
                    field,
                    values,
                    layers -> new Setting.Hidden(layers.stream()
                            .map(layer -> new Setting.Layer(layer.units(), layer.activation(), layer.dropout()))
                            .toList()));
        }
    }

    /** Choices of the activation of the hidden layers. */
    @Schema(name = "ActivationValues")
    record ActivationValues(
            @NotNull @Size(min = 1, max = MAX_VALUES) List<@NotNull Activation> values) implements DomainForm {

        static @Nullable ActivationValues of(@Nullable Domain domain) {
            return domain == null
                    ? null
                    : new ActivationValues(Objects.requireNonNull(
                            DomainForm.values(domain, value -> ((Setting.HiddenActivation) value).value())));
        }

        @Override
        public Domain toDomain(SearchField field) {
            for (int i = 0; i < values.size(); i++) {
                Architecture.requireForHidden(DomainForm.valuePointer(field, i), values.get(i));
            }
            return DomainForm.choice(field, values, Setting.HiddenActivation::new);
        }
    }

    /** Choices of the initializer. */
    @Schema(name = "InitializerValues")
    record InitializerValues(
            @NotNull @Size(min = 1, max = MAX_VALUES) List<@NotNull Initializer> values) implements DomainForm {

        static @Nullable InitializerValues of(@Nullable Domain domain) {
            return domain == null
                    ? null
                    : new InitializerValues(Objects.requireNonNull(
                            DomainForm.values(domain, value -> ((Setting.Initializer) value).value())));
        }

        @Override
        public Domain toDomain(SearchField field) {
            return DomainForm.choice(field, values, Setting.Initializer::new);
        }
    }

    /** Choices of the optimizer. */
    @Schema(name = "OptimizerValues")
    record OptimizerValues(
            @JsonDeserialize(contentUsing = TypeNameDeserializer.class) @NotNull @Size(min = 1, max = MAX_VALUES)
            List<@NotNull @Valid OptimizerForm> values)
            implements DomainForm {

        static @Nullable OptimizerValues of(@Nullable Domain domain) {
            return domain == null
                    ? null
                    : new OptimizerValues(Objects.requireNonNull(DomainForm.values(
                            domain, value -> OptimizerForm.of(((Setting.Optimization) value).value()))));
        }

        @Override
        public Domain toDomain(SearchField field) {
            return DomainForm.choice(field, values, form -> new Setting.Optimization(form.toOptimizer()));
        }
    }

    /** Choices of the learning rate schedule. */
    @Schema(name = "ScheduleValues")
    record ScheduleValues(
            @JsonDeserialize(contentUsing = TypeNameDeserializer.class) @NotNull @Size(min = 1, max = MAX_VALUES)
            List<@NotNull @Valid ScheduleForm> values)
            implements DomainForm {

        static @Nullable ScheduleValues of(@Nullable Domain domain) {
            return domain == null
                    ? null
                    : new ScheduleValues(Objects.requireNonNull(
                            DomainForm.values(domain, value -> ScheduleForm.of(((Setting.Schedule) value).value()))));
        }

        @Override
        public Domain toDomain(SearchField field) {
            return DomainForm.choice(field, values, form -> new Setting.Schedule(form.toSchedule()));
        }
    }

    /** A range of numbers, or some of them. */
    @Schema(name = "NumberDomain")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record NumberDomain(
            @Nullable Double min,
            @Nullable Double max,
            Domain.@Nullable Scale scale,
            @Nullable @Size(min = 1, max = MAX_VALUES) List<@NotNull Double> values)
            implements DomainForm {

        static @Nullable NumberDomain of(@Nullable Domain domain) {
            if (domain instanceof Domain.Range range) {
                return new NumberDomain(range.min(), range.max(), range.scale(), null);
            }
            return domain == null
                    ? null
                    : new NumberDomain(
                            null, null, null, DomainForm.values(domain, value -> ((Setting.Numeric) value).value()));
        }

        @Override
        public Domain toDomain(SearchField field) {
            return DomainForm.numbers(field, values, min, max, scale);
        }
    }

    /** A range of integers, or some of them. */
    @Schema(name = "IntegerDomain")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record IntegerDomain(
            @Nullable Integer min,
            @Nullable Integer max,
            Domain.@Nullable Scale scale,
            @Nullable @Size(min = 1, max = MAX_VALUES) List<@NotNull Integer> values)
            implements DomainForm {

        static @Nullable IntegerDomain of(@Nullable Domain domain) {
            if (domain instanceof Domain.Range range) {
                return new IntegerDomain((int) range.min(), (int) range.max(), range.scale(), null);
            }
            return domain == null
                    ? null
                    : new IntegerDomain(null, null, null, DomainForm.values(domain, value ->
                            (int) ((Setting.Numeric) value).value()));
        }

        @Override
        public Domain toDomain(SearchField field) {
            return DomainForm.numbers(field, values, min, max, scale);
        }
    }
}
