package io.backprop.model;

import io.backprop.engine.Initializer;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TrainingPlan;
import java.util.List;
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
 * @param plan the defaults of a training; its seed is the seed of the model
 */
public record ModelSpec(
        Form form,
        Architecture described,
        Architecture architecture,
        @Nullable Initializer initializer,
        @Nullable Boolean standardize,
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

    public ModelSpec {
        architecture = architecture.withHidden(described.hidden());
    }

    /** A model that has not been trained. */
    public ModelSpec(
            Form form,
            Architecture described,
            @Nullable Initializer initializer,
            @Nullable Boolean standardize,
            TrainingPlan plan) {
        this(form, described, described, initializer, standardize, plan);
    }

    /** The untrained network; equal specs give equal bits. */
    public Network initialNetwork(NetworkSpec networkSpec) {
        return initializer == null
                ? Network.initialize(networkSpec, plan.seed())
                : Network.initialize(networkSpec, initializer, plan.seed());
    }

    public ModelSpec withArchitecture(Architecture found) {
        return new ModelSpec(form, described, found, initializer, standardize, plan);
    }

    /** This description with other settings for the next training. */
    public ModelSpec withSettings(List<LayerSpec> hidden, TrainingPlan settings) {
        return new ModelSpec(form, described.withHidden(hidden), architecture, initializer, standardize, settings);
    }
}
