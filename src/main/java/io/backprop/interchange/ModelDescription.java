package io.backprop.interchange;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.model.Description;
import io.backprop.model.Model;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model as a file describes it, without its parameters.
 *
 * @param model whose {@code createdAt} is not part of the description
 * @param networks number of networks that have parameters; 0 in version 0
 * @param temperature of the probabilities; 1 without one
 */
public record ModelDescription(Model model, int networks, double temperature) {

    private static final long MAX_COUNT = 1L << 53; // which JavaScript represents exactly

    public ModelDescription {
        requireArgument(model.id().matches(Model.ID), "id must match %s, but was %s", Model.ID, model.id());
        requireCount("version", model.version());
        requireCount("epochs", model.epochs());
        Description.requireStorable("warnings", model.trainingWarnings().stream());
        requireStorableNames("trainingMetrics", model.trainingMetrics());
        requireStorableNames("validationMetrics", model.validationMetrics());
        int planned = model.spec().ensemble().size();
        requireArgument(
                networks >= 0 && networks <= planned,
                "networks must be at least 0 and at most %d, as many as the model averages, but were %d",
                planned,
                networks);
        requireArgument(
                (networks == 0) == (model.version() == 0),
                "version 0 has no networks, and every other has some, but version %d has %d",
                model.version(),
                networks);
        requireArgument(
                networks == 0 || model.spec().architecture().networkSpec().isPresent(),
                "the numbers of inputs and outputs must be given in every version but 0");
        requireArgument(
                temperature > 0 && Double.isFinite(temperature),
                "temperature must be finite and greater than 0, but was %s",
                temperature);
        requireArgument(
                temperature == 1 || model.spec().architecture().hasProbabilities(),
                "temperature must be 1 without a cross-entropy, but was %s",
                temperature);
    }

    private static void requireStorableNames(String field, @Nullable Map<String, @Nullable Double> metrics) {
        if (metrics != null) {
            Description.requireStorable(field, metrics.keySet().stream());
        }
    }

    private static void requireCount(String name, long count) {
        requireArgument(
                count >= 0 && count <= MAX_COUNT, "%s must be at least 0 and at most 2⁵³, but was %d", name, count);
    }

    /** The specification of the networks; empty in version 0. */
    public Optional<NetworkSpec> networkSpec() {
        return networks == 0 ? Optional.empty() : model.spec().architecture().networkSpec();
    }

    /** The model with the parameters of its networks. */
    public Model withNetworks(List<Network> trained) {
        requireArgument(trained.size() == networks, "networks must be %d, but were %d", networks, trained.size());
        return networks == 0
                ? model
                : model.withParameters(
                        model.spec().architecture(),
                        Ensemble.of(trained).withTemperature(temperature),
                        model.epochs(),
                        model.trainingMetrics(),
                        model.validationMetrics(),
                        model.trainingWarnings());
    }
}
