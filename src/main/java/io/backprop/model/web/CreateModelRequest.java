package io.backprop.model.web;

import static java.util.Objects.requireNonNullElse;

import io.backprop.engine.Activation;
import io.backprop.engine.Initializer;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Metric;
import io.backprop.engine.SplitMix64;
import io.backprop.limits.RequestLimits;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.TabularPreset;
import io.backprop.model.Task;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.ScalingMethod;
import io.backprop.web.json.HiddenLayerForm;
import io.backprop.web.json.LearningRateFactorsForm;
import io.backprop.web.json.LossForm;
import io.backprop.web.json.OptimizerForm;
import io.backprop.web.json.ScheduleForm;
import io.backprop.web.json.TypeNameDeserializer;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;
import tools.jackson.databind.annotation.JsonDeserialize;

/** A network that is described by the number of its layers, by its hidden layers one by one, or by a preset. */
@Schema(name = "CreateModelRequest")
record CreateModelRequest(
        @Nullable @Pattern(regexp = Model.ID) String id,
        @Nullable @Pattern(regexp = Model.ID) String copyOf,
        @Nullable Long copyVersion,

        @Nullable @Min(1) Integer layerCount,
        @Nullable List<@NotNull @Min(1) Integer> hiddenUnits,
        @Nullable List<@NotNull @Valid HiddenLayerForm> hidden,
        @Nullable Preset preset,
        @Nullable @Min(1) @Max(EnsembleSpec.MAX_SIZE) Integer folds,
        @Nullable @Min(1) Integer inputs,
        @Nullable @Min(1) Integer outputs,
        @Nullable Task task,
        @Nullable Activation outputActivation,

        @JsonDeserialize(using = TypeNameDeserializer.class) @Nullable @Valid
        LossForm loss,

        @Nullable @DecimalMin("0") @DecimalMax(value = "1", inclusive = false)
        Float labelSmoothing,

        @Nullable Activation activation,
        @Nullable Initializer initializer,

        @JsonDeserialize(using = TypeNameDeserializer.class) @Nullable @Valid
        OptimizerForm optimizer,

        @Nullable @PositiveOrZero Float learningRate,

        @JsonDeserialize(using = TypeNameDeserializer.class) @Nullable @Valid
        ScheduleForm learningRateSchedule,

        @Nullable List<@NotNull @Valid LearningRateFactorsForm> learningRateFactors,

        @Nullable @PositiveOrZero Float frontScale,
        @Nullable @PositiveOrZero Float l1,
        @Nullable @PositiveOrZero Float l2,
        @Nullable @Positive Float globalClipNorm,
        @Nullable @Min(1) Integer batchSize,
        @Nullable Boolean shuffle,
        @Nullable Boolean dropRemainder,
        @Nullable Metric keepBest,
        @Nullable DropoutForm dropout,
        @Nullable Long seed,
        @Nullable @Size(min = 2) List<@NotBlank @Size(max = ClassEncoding.MAX_NAME_LENGTH) String> classes,
        @Nullable Boolean standardize,
        @Nullable ScalingMethod scaling,

        @Nullable @Valid EnsembleForm ensemble,

        @Nullable Boolean calibrate,
        @Nullable @Size(max = Description.MAX_TEXT) String description,

        @Nullable @Size(max = Description.MAX_TAGS)
        Map<@NotBlank @Size(max = Description.MAX_TAG_NAME) String, @NotNull @Size(max = Description.MAX_TAG) String>
                tags) {

    private static final List<String> CHANGEABLE_IN_COPY = Stream.concat(
                    Stream.of("copyOf", "copyVersion", "id"),
                    Arrays.stream(PatchModelRequest.class.getRecordComponents()).map(RecordComponent::getName))
            .sorted()
            .toList();
    private static final int CLASSIC_LAYER_COUNT = 2;
    private static final int MIN_RANDOM_UNITS = 2;
    private static final int MAX_RANDOM_UNITS = 10;
    private static final long WIDTH_STREAM = 0x776964746873L; // derived from the seed

    /** Largest integer that JavaScript represents exactly. */
    private static final long MAX_RANDOM_SEED = 1L << 53;

    /** What completes the settings of a model. */
    enum Preset {
        TABULAR
    }

    /**
     * Fills in every default that does not depend on the data; rejects more layers or units than the limits allow. Without
     * {@code hidden} or {@code preset}, the defaults are those of a classic network: sigmoid, uniform weights and gradient
     * descent.
     */
    ModelSpec toSpec(RequestLimits limits) {
        if (activation != null) {
            Architecture.requireForHidden("activation", activation);
        }
        InvalidInputException.require("copyVersion", copyVersion == null, "copyVersion goes with copyOf");
        ModelSpec.Form form = form();
        TabularPreset tabular = toPreset();
        long chosenSeed = seed == null ? ThreadLocalRandom.current().nextLong(MAX_RANDOM_SEED) : seed;
        List<LayerSpec> layers = layers(requireNonNullElse(activation, form.activation()), chosenSeed, limits);
        OutputSpec output = new OutputSpec(
                task,
                outputActivation,
                loss == null ? null : loss.toLoss(),
                requireNonNullElse(labelSmoothing, 0f),
                form.isArticle());
        InvalidInputException.require(
                "scaling",
                scaling == null || !Boolean.FALSE.equals(standardize),
                "scaling is how numbers are scaled, but standardize is false");
        Boolean scaled = scaling == null ? standardize : Boolean.TRUE;
        Architecture architecture = new Architecture(
                inputs,
                layers,
                outputs,
                output,
                classEncoding(),
                requireNonNullElse(scaled, form.standardizesRows())
                        ? Preprocessing.Standardized.UNKNOWN
                        : Preprocessing.NONE);
        return new ModelSpec(
                form,
                architecture,
                architecture,
                initializer == null ? form.initializer() : initializer,
                scaled,
                requireNonNullElse(scaling, form.scaling()),
                ensemble(tabular),
                requireNonNullElse(calibrate, false),
                settings().plan(form.plan().withSeed(chosenSeed), form.plan()),
                tabular);
    }

    private EnsembleSpec ensemble(@Nullable TabularPreset tabular) {
        if (ensemble != null) {
            return ensemble.toSpec();
        }
        return tabular == null ? EnsembleSpec.SINGLE : tabular.ensemble();
    }

    /** The preset, with the settings that are absent left to it; null without one. */
    private @Nullable TabularPreset toPreset() {
        if (preset == null) {
            InvalidInputException.require(
                    "folds",
                    folds == null,
                    "folds goes with preset; for other models set ensemble, with \"by\": \"fold\"");
            return null;
        }
        InvalidInputException.require(
                "folds",
                folds == null || ensemble == null,
                "folds and ensemble exclude each other; ensemble is for tables of any size");
        Set<TabularPreset.Setting> open = EnumSet.noneOf(TabularPreset.Setting.class);
        addIf(open, TabularPreset.Setting.ACTIVATION, activation == null && !namesActivations());
        addIf(open, TabularPreset.Setting.LEARNING_RATE, learningRate == null);
        addIf(open, TabularPreset.Setting.LEARNING_RATE_FACTORS, learningRateFactors == null);
        addIf(open, TabularPreset.Setting.LABEL_SMOOTHING, labelSmoothing == null);
        addIf(open, TabularPreset.Setting.KEEP_BEST, keepBest == null);
        addIf(open, TabularPreset.Setting.CALIBRATE, calibrate == null);
        addIf(open, TabularPreset.Setting.ENSEMBLE, ensemble == null);
        return new TabularPreset(requireNonNullElse(folds, TabularPreset.DEFAULT_FOLDS), open);
    }

    private static void addIf(Set<TabularPreset.Setting> open, TabularPreset.Setting setting, boolean absent) {
        if (absent) {
            open.add(setting);
        }
    }

    /** Whether hidden layers have activations of their own; with a preset and no default, all of them or none. */
    private boolean namesActivations() {
        List<HiddenLayerForm> layers = requireNonNullElse(hidden, List.of());
        long named = layers.stream().filter(layer -> layer.activation() != null).count();
        InvalidInputException.require(
                "hidden",
                activation != null || named == 0 || named == layers.size(),
                "hidden must give all layers an activation, or none, which leaves it to the preset; activation is the"
                        + " default of the others");
        return named > 0;
    }

    /** Changes a copy; rejects fields that can't be changed. */
    Model applyTo(Model copy) {
        Arrays.stream(CreateModelRequest.class.getRecordComponents())
                .filter(component -> !CHANGEABLE_IN_COPY.contains(component.getName()))
                .filter(component -> valueOf(component) != null)
                .findFirst()
                .ifPresent(component -> {
                    throw new InvalidInputException(
                            component.getName(),
                            "%s goes with a model that is not a copy; beside copyOf there may be %s"
                                    .formatted(component.getName(), String.join(", ", CHANGEABLE_IN_COPY)));
                });
        Model changed = settings().applyTo(copy);
        return tags == null
                ? changed
                : changed.withSettings(
                        changed.spec(), new Description(changed.description().text(), tags));
    }

    /** The settings that are given; the tags of a copy are replaced, rather than merged. */
    private PatchModelRequest settings() {
        return new PatchModelRequest(
                patch(description),
                null,
                patch(optimizer),
                patch(learningRate),
                patch(learningRateSchedule),
                patch(learningRateFactors),
                patch(frontScale),
                patch(l1),
                patch(l2),
                patch(globalClipNorm),
                patch(batchSize),
                patch(shuffle),
                patch(dropRemainder),
                patch(keepBest),
                patch(dropout));
    }

    private @Nullable Object valueOf(RecordComponent component) {
        ReflectionUtils.makeAccessible(component.getAccessor());
        return ReflectionUtils.invokeMethod(component.getAccessor(), this);
    }

    @SuppressWarnings("NullableOptional") // see PatchModelRequest
    private static <T> @Nullable Optional<T> patch(@Nullable T value) {
        return value == null ? null : Optional.of(value);
    }

    Description toDescription() {
        return new Description(description, tags == null ? Map.of() : tags);
    }

    private List<LayerSpec> withDropout(List<LayerSpec> layers) {
        if (hidden != null && hidden.stream().anyMatch(form -> form.dropout() != null)) {
            throw new InvalidInputException(
                    "dropout", "dropout is for all hidden layers, but hidden has a layer with its own");
        }
        return Objects.requireNonNull(dropout).applyTo(layers);
    }

    private ModelSpec.Form form() {
        if (layerCount != null || hiddenUnits != null) {
            String field = layerCount != null ? "layerCount" : "hiddenUnits";
            InvalidInputException.require(
                    field,
                    hidden == null && preset == null,
                    "%s and %s exclude each other; describe the network in one way"
                            .formatted(field, hidden != null ? "hidden" : "preset"));
        }
        if (preset != null) {
            return ModelSpec.Form.PRESET;
        }
        if (hidden != null) {
            return ModelSpec.Form.LAYERS;
        }
        return hiddenUnits == null ? ModelSpec.Form.RANDOM_WIDTHS : ModelSpec.Form.GIVEN_WIDTHS;
    }

    private List<LayerSpec> layers(Activation defaultActivation, long chosenSeed, RequestLimits limits) {
        List<LayerSpec> layers;
        if (hidden != null) {
            layers =
                    hidden.stream().map(form -> form.toLayer(defaultActivation)).toList();
            requireWithinLimits(layers, "hidden", "/hidden/%d/units", limits);
        } else if (preset != null) {
            layers = TabularPreset.hidden(defaultActivation);
            requireWithinLimits(layers, "preset", "preset", limits);
        } else {
            layers = classicLayers(defaultActivation, chosenSeed, limits);
        }
        boolean uniform = hidden != null && hidden.stream().noneMatch(layer -> layer.activation() == null);
        InvalidInputException.require(
                "activation",
                activation == null || !(layers.isEmpty() || uniform),
                "activation is the default of the hidden layers, but "
                        + (layers.isEmpty() ? "there are none" : "each of them has its own"));
        return dropout == null ? layers : withDropout(layers);
    }

    /** Layers with the given widths; without them, layers whose widths are drawn uniformly from 2 to 10. */
    private List<LayerSpec> classicLayers(Activation chosen, long chosenSeed, RequestLimits limits) {
        if (hiddenUnits == null) {
            int count = requireNonNullElse(layerCount, CLASSIC_LAYER_COUNT);
            limits.requireLayers("layerCount", count);
            SplitMix64 random = new SplitMix64(SplitMix64.derive(chosenSeed, WIDTH_STREAM));
            return IntStream.range(1, count)
                    .map(layer -> MIN_RANDOM_UNITS + random.nextInt(MAX_RANDOM_UNITS - MIN_RANDOM_UNITS + 1))
                    .mapToObj(units -> new LayerSpec(units, chosen))
                    .toList();
        }
        if (layerCount != null && hiddenUnits.size() != layerCount - 1) {
            throw new InvalidInputException(
                    "hiddenUnits",
                    "hiddenUnits must have layerCount − 1 = %d widths, but has %d"
                            .formatted(layerCount - 1, hiddenUnits.size()));
        }
        List<LayerSpec> layers =
                hiddenUnits.stream().map(units -> new LayerSpec(units, chosen)).toList();
        requireWithinLimits(layers, "hiddenUnits", "/hiddenUnits/%d", limits);
        return layers;
    }

    /** @param pointer to the units of a hidden layer */
    private static void requireWithinLimits(
            List<LayerSpec> layers, String field, String pointer, RequestLimits limits) {
        limits.requireLayers(field, layers.size() + 1);
        for (int layer = 0; layer < layers.size(); layer++) {
            limits.requireUnits(pointer.formatted(layer), layers.get(layer).units());
        }
    }

    private @Nullable ClassEncoding classEncoding() {
        try {
            return classes == null ? null : new ClassEncoding(classes);
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException("classes", e);
        }
    }
}
