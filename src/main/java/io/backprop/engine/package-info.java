/**
 * The numeric engine: feed-forward networks trained by gradient descent, in plain Java, usable without the service.
 *
 * <pre>{@code
 * Matrix inputs = Matrix.of(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
 * Matrix targets = Matrix.of(new float[][] {{0}, {1}, {1}, {0}});
 * LayerSpec hidden = new LayerSpec(8, Activation.TANH);
 * LayerSpec output = new LayerSpec(1, Activation.SIGMOID);
 * NetworkSpec spec = NetworkSpec.of(2, Loss.BINARY_CROSSENTROPY, hidden, output);
 * Network untrained = Network.initialize(spec, 42);
 * TrainingPlan plan = TrainingPlan.adam(0.05f).withEpochs(300).withSeed(42);
 * TrainingData data = TrainingData.of(Examples.of(inputs, targets));
 * Network network = Trainer.start(untrained, plan, data).train(TrainingListener.NONE).network();
 * Matrix predictions = network.predict(inputs);
 * }</pre>
 *
 * <p><b>Values.</b> A {@link NetworkSpec} of {@link LayerSpec}s and a {@link TrainingPlan} with its {@link Optimizer}
 * are records that check themselves, so that nothing behind them checks again. A {@link Network} is immutable as well:
 * its parameters are one flat {@code float[]}, for each layer the weights, then the biases. Copying is {@code clone()},
 * a step of an optimizer one loop.
 *
 * <p><b>A training.</b> The {@link Trainer} counts epochs and steps and asks its {@link TrainingListener}; a {@code
 * GradientDescent} takes a batch through a {@code ForwardPass} and a {@code BackwardPass} and lets the {@link Updater}
 * change the parameters. A batch too large for the workspace goes through in slices, which changes no bit of the result.
 *
 * <p><b>How good it is.</b> An {@link Evaluator} gives loss and predictions from one pass, {@link ClassificationMetrics}
 * and {@link RegressionMetrics} say more of these; all take examples in parts, so that any number of them needs little
 * memory. A training measures one {@link Metric} of its validation examples after each epoch.
 *
 * <p><b>Chance.</b> Whatever is random is drawn from a stream of its own, derived from the seed, the purpose and, where
 * they matter, the epoch and the step ({@link SplitMix64#derive}). Where a training stands is therefore a few counters
 * and arrays, {@link TrainingState}, without any generator's state: from it the training goes on with the same bits.
 *
 * <p><b>Speed.</b> The loops over many numbers are in {@link io.backprop.engine.kernel}, once scalar and once SIMD, equal
 * to the last bit. A {@code Execution} shares out products and other work on many rows among the {@link Parallelism} that a
 * training was given, its {@code ThreadTeam}; each number is computed by one thread, so the bits are the same on any number of
 * them. {@code PerExampleSgd} takes small networks through one example at a time.
 */
@NullMarked
package io.backprop.engine;

import org.jspecify.annotations.NullMarked;
