package io.backprop.training;

import io.backprop.engine.Ensemble;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import io.backprop.model.Architecture;
import io.backprop.model.Model;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a training starts from.
 *
 * @param model the model when the training was started
 * @param architecture with everything found from the data
 * @param fresh whether to start with fresh parameters instead of those of the model
 */
public record TrainingStart(Model model, Architecture architecture, boolean fresh) {

    /** Number of epochs that led to the parameters to start with. */
    long epochsBefore() {
        return fresh ? 0 : model.epochs();
    }

    /**
     * One of the networks to start with, from 0. Fresh parameters are drawn on each call, so that a queued training holds
     * none. The model may have fewer networks than it is to average, if their training was ended early.
     */
    Network network(int number) {
        NetworkSpec spec = spec(); // the settings of the model may have changed
        Ensemble ensemble = model.ensemble();
        return fresh || ensemble == null || number >= ensemble.networks().size()
                ? model.spec().initialNetwork(spec, number)
                : ensemble.networks().get(number).with(spec);
    }

    private Ensemble ensemble() {
        int networks = fresh || model.ensemble() == null
                ? model.spec().ensemble().size()
                : model.ensemble().networks().size();
        return Ensemble.of(IntStream.range(0, networks).mapToObj(this::network).toList());
    }

    /** The network that is trained. */
    public NetworkSpec spec() {
        return architecture.networkSpec().orElseThrow();
    }

    /** The model before the first epoch. */
    public LiveModel live() {
        return live(ensemble(), 0);
    }

    /**
     * The model as a checkpoint has it: the average of the completed networks and of the current one. By fold, the current
     * one has other scales than the model, and counts only when it is completed.
     *
     * @param completed the parameters of each
     */
    public LiveModel live(List<Vector> completed, Vector current, int epoch) {
        boolean byFold = model.spec().ensemble().folds() > 0;
        Stream<Vector> reached = byFold ? completed.stream() : Stream.concat(completed.stream(), Stream.of(current));
        return byFold && completed.isEmpty()
                ? live()
                : live(
                        Ensemble.of(reached.map(parameters -> Network.of(spec(), parameters))
                                .toList()),
                        epoch);
    }

    /** The model after some epochs of the training. */
    public LiveModel live(Ensemble reached, int epoch) {
        return new LiveModel(
                model.withParameters(architecture, reached, epochsBefore() + epoch, null, null, List.of()), epoch);
    }
}
