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
import io.backprop.tabular.ScalingMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The description of a model, with every default filled in.
 *
 * @param form how the client described the network, which determines the defaults
 * @param described the architecture as the client described it, from which a training can start fresh
 * @param architecture completed from the training data; its hidden layers are those of {@code described}
 * @param initializer of all layers; null for {@link Initializer#before} each layer's activation
 * @param standardize whether numbers are standardized, as the client asked for; null: those of a table are, and those of
 *     rows if the form says so
 * @param scaling of inputs where numbers are standardized
 * @param ensemble the networks of the model
 * @param calibrate whether probabilities get a temperature that is fitted after each training
 * @param plan the defaults of a training; its seed is the seed of the model
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
        TrainingPlan plan) {

    /** How a network is described. */
    public enum Form {
        /** The article's network with hidden layers of random widths. */
        RANDOM_WIDTHS,
        /** The article's network with hidden layers of given widths. */
        GIVEN_WIDTHS,
        /** Hidden layers one by one. */
        LAYERS;

        private static final float ARTICLE_LEARNING_RATE = 0.06f;
        private static final float LEARNING_RATE = 0.001f;

        /** Whether the network is the article's: sigmoid, uniform weights and plain gradient descent by default. */
        public boolean isArticle() {
            return this != LAYERS;
        }

        /** Whether rows of numbers are standardized by default. */
        public boolean standardizesRows() {
            return !isArticle();
        }

        /** The default settings of a training. */
        public TrainingPlan plan() {
            return isArticle() ? TrainingPlan.classic(ARTICLE_LEARNING_RATE) : TrainingPlan.adam(LEARNING_RATE);
        }
    }

    private static final List<Integer> SUGGESTED_WIDTHS = List.of(64, 32);

    public ModelSpec {
        architecture = architecture.withHidden(described.hidden());
        requireFit(plan.learningRateFactors(), described.hidden().size() + 1);
        InvalidInputException.require(
                "calibrate",
                !calibrate || described.mayHaveProbabilities(),
                "calibrate is for probabilities, which a classification with a cross-entropy predicts");
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
                plan);
    }

    /** This description with another scaling of inputs. */
    public ModelSpec withScaling(ScalingMethod method) {
        return new ModelSpec(
                form, described, architecture, initializer, standardize, method, ensemble, calibrate, plan);
    }

    /** This description with other networks, and with or without a temperature. */
    public ModelSpec withEnsemble(EnsembleSpec networks, boolean calibrated) {
        return new ModelSpec(
                form, described, architecture, initializer, standardize, scaling, networks, calibrated, plan);
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
        return new ModelSpec(form, described, found, initializer, standardize, scaling, ensemble, calibrate, plan);
    }

    /** This description with other settings for the next training. */
    public ModelSpec withSettings(List<LayerSpec> hidden, TrainingPlan settings) {
        return new ModelSpec(
                form,
                described.withHidden(hidden),
                architecture,
                initializer,
                standardize,
                scaling,
                ensemble,
                calibrate,
                settings);
    }
}
