package io.backprop.model;

import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.Initializer;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.LearningRateFactors;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Optimizer;
import io.backprop.engine.TrainingPlan;
import io.backprop.model.TabularPreset.Setting;
import io.backprop.tabular.ScalingMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The description of a model, with every default filled in.
 *
 * @param form how the client described the network, which determines the defaults
 * @param described the architecture as the client described it, from which a training can start fresh
 * @param architecture completed from the training data; its hidden layers are those of {@code described}, with the
 *     activation that a preset chooses, unless a search has described others since
 * @param initializer of all layers; null for {@link Initializer#defaultFor} each layer's activation
 * @param standardize whether numbers are standardized, as the client asked for; null: those of a table are, and those of
 *     rows if the form says so
 * @param scaling of inputs where numbers are standardized
 * @param ensemble the networks of the model; those of its last training if they are left to a preset
 * @param calibrate whether probabilities get a temperature that is fitted after each training
 * @param plan the defaults of a training; its seed is the seed of the model
 * @param preset completes the settings that are left to it; null without one
 */
public record ModelSpec(
        Form form,
        Architecture described,
        Architecture architecture,
        @Nullable Initializer initializer,
        @Nullable Boolean standardize,
        ScalingMethod scaling,
        EnsembleSpec ensemble,
        boolean calibrate,
        TrainingPlan plan,
        @Nullable TabularPreset preset) {

    /** How a network is described. */
    public enum Form {
        /** The article's network with hidden layers of random widths. */
        RANDOM_WIDTHS,
        /** The article's network with hidden layers of given widths. */
        GIVEN_WIDTHS,
        /** Hidden layers one by one. */
        LAYERS,
        /** By a {@link TabularPreset}. */
        PRESET;

        private static final float ARTICLE_LEARNING_RATE = 0.06f;
        private static final float LEARNING_RATE = 0.001f;

        /** Whether the network is the article's: sigmoid, uniform weights and plain gradient descent by default. */
        public boolean isArticle() {
            return this == RANDOM_WIDTHS || this == GIVEN_WIDTHS;
        }

        /** Whether rows of numbers are standardized by default. */
        public boolean standardizesRows() {
            return !isArticle();
        }

        /** The default activation of hidden layers; without a task, one that a preset replaces. */
        public Activation activation() {
            return switch (this) {
                case RANDOM_WIDTHS, GIVEN_WIDTHS -> Activation.SIGMOID;
                case LAYERS -> Activation.RELU;
                case PRESET -> Activation.SELU;
            };
        }

        /** The default initializer; null for {@link Initializer#defaultFor} each layer's activation. */
        public @Nullable Initializer initializer() {
            return switch (this) {
                case RANDOM_WIDTHS, GIVEN_WIDTHS -> Initializer.UNIFORM;
                case LAYERS -> null;
                case PRESET -> Initializer.NTK_NORMAL;
            };
        }

        /** The default scaling of inputs. */
        public ScalingMethod scaling() {
            return this == PRESET ? ScalingMethod.ROBUST : ScalingMethod.STANDARD;
        }

        /** The default settings of a training. */
        public TrainingPlan plan() {
            return switch (this) {
                case RANDOM_WIDTHS, GIVEN_WIDTHS -> TrainingPlan.classic(ARTICLE_LEARNING_RATE);
                case LAYERS -> TrainingPlan.adam(LEARNING_RATE);
                case PRESET -> TabularPreset.plan();
            };
        }
    }

    private static final List<Integer> SUGGESTED_WIDTHS = List.of(64, 32);

    public ModelSpec {
        InvalidInputException.require(
                "preset", (form == Form.PRESET) == (preset != null), "preset and form PRESET must go together");
        boolean chosen = preset != null && preset.open().contains(Setting.ACTIVATION);
        if (haveSameLayers(architecture.hidden(), described.hidden(), chosen)) {
            architecture = architecture.withHidden(described.hidden());
        }
        if (preset != null) {
            architecture = preset.complete(architecture);
            plan = preset.complete(plan, architecture);
            calibrate = preset.open().contains(Setting.CALIBRATE) ? architecture.mayHaveProbabilities() : calibrate;
        }
        boolean derived = preset != null && preset.open().contains(Setting.LEARNING_RATE_FACTORS);
        Architecture factored = derived ? architecture : described;
        requireFit(plan.learningRateFactors(), factored.hidden().size() + 1);
        InvalidInputException.require(
                "calibrate",
                !calibrate || described.mayHaveProbabilities(),
                "calibrate is for probabilities, which a classification with a cross-entropy predicts");
    }

    /** Whether layers differ in their dropout only, or in an activation that a preset chooses. */
    private static boolean haveSameLayers(List<LayerSpec> one, List<LayerSpec> other, boolean anyActivation) {
        return one.size() == other.size()
                && IntStream.range(0, one.size())
                        .allMatch(layer ->
                                one.get(layer).units() == other.get(layer).units()
                                        && (anyActivation
                                                || one.get(layer).activation()
                                                        == other.get(layer).activation()));
    }

    private static void requireFit(LearningRateFactors factors, int layers) {
        try {
            factors.requireFit(layers);
        } catch (InvalidArgumentException e) {
            throw new InvalidInputException("learningRateFactors", e);
        }
    }

    /** A model of a single network that has not been trained. */
    public ModelSpec(
            Form form,
            Architecture described,
            @Nullable Initializer initializer,
            @Nullable Boolean standardize,
            TrainingPlan plan) {
        this(
                form,
                described,
                described,
                initializer,
                standardize,
                ScalingMethod.STANDARD,
                EnsembleSpec.SINGLE,
                false,
                plan,
                null);
    }

    /** This description with other networks, and with or without a temperature. */
    public ModelSpec withEnsemble(EnsembleSpec networks, boolean calibrated) {
        return with(copy -> {
            copy.ensemble = networks;
            copy.calibrate = calibrated;
        });
    }

    /** Whether a setting is left to a preset. */
    public boolean leaves(Setting setting) {
        return preset != null && preset.open().contains(setting);
    }

    /** The networks for rows of this number, if they are left to a preset; see {@link TabularPreset#ensemble(int, int)}. */
    public EnsembleSpec ensemble(int rows, int groups) {
        return preset != null && leaves(Setting.ENSEMBLE) ? preset.ensemble(rows, groups) : ensemble;
    }

    /** Whether a setting is left to a preset, which can't choose it before the task is known. */
    public boolean isOpen(Setting setting) {
        return leaves(setting) && architecture.outputLayer().expectedTask() == null;
    }

    /** Whether the numbers of a table are standardized. */
    public boolean standardizesTables() {
        return standardize == null || standardize;
    }

    /** The scaling of the inputs of a table; null if its numbers stay as they are. */
    public @Nullable ScalingMethod tableScaling() {
        return standardizesTables() ? scaling : null;
    }

    /** One of the untrained networks, from 0; equal specs give equal bits. */
    public Network initialNetwork(NetworkSpec networkSpec, int number) {
        long seed = EnsembleSpec.seed(plan.seed(), number);
        return initializer == null
                ? Network.initialize(networkSpec, seed)
                : Network.initialize(networkSpec, initializer, seed);
    }

    /** All untrained networks. */
    public Ensemble initialEnsemble(NetworkSpec networkSpec) {
        return Ensemble.of(IntStream.range(0, ensemble.size())
                .mapToObj(number -> initialNetwork(networkSpec, number))
                .toList());
    }

    /** The number of parameters of all networks; an unknown width counts as 1. */
    public long countParameters() {
        return ensemble.size() * architecture.countParameters();
    }

    /** What the client may not expect of the description. */
    List<String> warnings() {
        return form == Form.GIVEN_WIDTHS ? articleWarning().stream().toList() : List.of();
    }

    /** Warns of the settings that follow from the article's network; empty if there are none. */
    public Optional<String> articleWarning() {
        if (!form.isArticle()) {
            return Optional.empty();
        }
        List<String> settings = new ArrayList<>();
        List<LayerSpec> hidden = described.hidden();
        addIf(hidden.stream().anyMatch(layer -> layer.activation() == Activation.SIGMOID), settings, "sigmoid layers");
        addIf(initializer == Initializer.UNIFORM, settings, "weights drawn from [0, 1)");
        addIf(plan.optimizer().equals(new Optimizer.Sgd()), settings, "plain gradient descent");
        addIf(plan.batchSize() == 1, settings, "one example at a time");
        addIf(!plan.shuffle(), settings, "in the order given");
        addIf(standardize == null, settings, "rows of numbers not standardized");
        List<Integer> widths = form == Form.GIVEN_WIDTHS
                ? hidden.stream().map(LayerSpec::units).toList()
                : SUGGESTED_WIDTHS;
        return settings.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "this is the network of the article: %s; for relu, he_normal, adam, shuffled batches of 32 and standardized numbers, create a model with \"hidden\": %s in place of %s"
                                .formatted(
                                        String.join(", ", settings),
                                        widths,
                                        form == Form.GIVEN_WIDTHS ? "hiddenUnits" : "layerCount"));
    }

    private static void addIf(boolean applies, List<String> settings, String setting) {
        if (applies) {
            settings.add(setting);
        }
    }

    public ModelSpec withArchitecture(Architecture found) {
        return with(copy -> copy.architecture = found);
    }

    /**
     * This description of a version.
     *
     * @param networks number of networks that the version has; 0 in version 0
     */
    public ModelSpec withVersion(Architecture found, int networks) {
        return with(copy -> {
            copy.architecture = found;
            if (preset != null && leaves(Setting.ENSEMBLE)) {
                copy.ensemble = networks == 1 ? EnsembleSpec.SINGLE : preset.ensemble();
            }
        });
    }

    /** This description with other settings for the next training. */
    public ModelSpec withSettings(List<LayerSpec> hidden, TrainingPlan settings) {
        return with(copy -> {
            copy.described = described.withHidden(hidden);
            copy.plan = settings;
        });
    }

    /** This description with a setting left to the preset, or not; unchanged without a preset. */
    public ModelSpec withLeft(Setting setting, boolean left) {
        return preset == null ? this : with(copy -> copy.preset = preset.with(setting, left));
    }

    /** This description with other hidden layers, whose activation may be left to a preset. */
    public ModelSpec withHidden(List<LayerSpec> hidden) {
        return with(copy -> {
            copy.described = described.withHidden(hidden);
            copy.architecture = architecture.withHidden(hidden);
        });
    }

    /** This description with an activation for all hidden layers. */
    public ModelSpec withActivation(Activation activation) {
        return withLeft(Setting.ACTIVATION, false)
                .withHidden(described.hidden().stream()
                        .map(layer -> new LayerSpec(layer.units(), activation, layer.dropout()))
                        .toList());
    }

    /** This description with a dropout of all hidden layers. */
    public ModelSpec withDropout(float dropout) {
        return withHidden(described.hidden().stream()
                .map(layer -> new LayerSpec(layer.units(), layer.activation(), dropout))
                .toList());
    }

    public ModelSpec withLearningRate(float learningRate) {
        return withLeft(Setting.LEARNING_RATE, false).withPlan(plan.withLearningRate(learningRate));
    }

    /** This description with a label smoothing, which greater than 0 makes it a classification. */
    public ModelSpec withLabelSmoothing(float labelSmoothing) {
        return withLeft(Setting.LABEL_SMOOTHING, false).with(copy -> {
            copy.described = described.withLabelSmoothing(labelSmoothing);
            copy.architecture = architecture.withLabelSmoothing(labelSmoothing);
        });
    }

    /** This description with other defaults of a training; a preset replaces those that are left to it. */
    public ModelSpec withPlan(TrainingPlan defaults) {
        return with(copy -> copy.plan = defaults);
    }

    /**
     * This description with another initializer.
     *
     * @param chosen of all layers; null for {@link Initializer#defaultFor} each layer's activation
     */
    public ModelSpec withInitializer(@Nullable Initializer chosen) {
        return with(copy -> copy.initializer = chosen);
    }

    private ModelSpec with(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return copy.toSpec();
    }

    /** The components, of which some change. */
    private static final class Copy {
        private final Form form;
        private Architecture described;
        private Architecture architecture;
        private @Nullable Initializer initializer;
        private final @Nullable Boolean standardize;
        private final ScalingMethod scaling;
        private EnsembleSpec ensemble;
        private boolean calibrate;
        private TrainingPlan plan;
        private @Nullable TabularPreset preset;

        Copy(ModelSpec spec) {
            form = spec.form;
            described = spec.described;
            architecture = spec.architecture;
            initializer = spec.initializer;
            standardize = spec.standardize;
            scaling = spec.scaling;
            ensemble = spec.ensemble;
            calibrate = spec.calibrate;
            plan = spec.plan;
            preset = spec.preset;
        }

        ModelSpec toSpec() {
            return new ModelSpec(
                    form,
                    described,
                    architecture,
                    initializer,
                    standardize,
                    scaling,
                    ensemble,
                    calibrate,
                    plan,
                    preset);
        }
    }
}
