/**
 * The numeric engine: feed-forward networks trained by gradient descent, in plain Java, usable without the service.
 *
 * <pre>{@code
 * Matrix inputs = Matrix.of(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
 * Examples examples = Examples.ofClasses(inputs, new int[] {0, 1, 1, 0});
 * LayerSpec hidden = new LayerSpec(8, Activation.TANH);
 * LayerSpec output = new LayerSpec(2, Activation.SOFTMAX);
 * NetworkSpec spec = NetworkSpec.of(2, new Loss.CategoricalCrossentropy(), hidden, output);
 * Network untrained = Network.initialize(spec, 42);
 * TrainingPlan plan = TrainingPlan.adam(0.05f).withEpochs(300).withSeed(42);
 * Trainer trainer = Trainer.start(untrained, plan, TrainingData.of(examples));
 * Network network = trainer.train(TrainingListener.NONE).network();
 * System.out.println(Arrays.toString(network.predictClasses(inputs)));
 * }</pre>
 *
 * <p><b>Values.</b> A {@link NetworkSpec} of {@link LayerSpec}s and a {@link TrainingPlan} with its {@link Optimizer}
 * are records that validate themselves, so no other code repeats these checks. A {@link Network} is immutable, too: its
 * parameters are one flat {@code float[]} that holds, for each layer, the weights and then the biases. Copying is {@code
 * clone()}, and an optimizer step is one loop. {@link Network#toBytes} saves a network with its specification.
 *
 * <p><b>Training.</b> The {@link Trainer} counts epochs and steps and calls its {@link TrainingListener}. A {@code
 * GradientDescent} runs a batch through a {@code ForwardPass} and a {@code BackwardPass}, and the {@link Updater} changes
 * the parameters. A batch that is too large for the workspace is processed in slices, with the same bits.
 *
 * <p><b>Shards.</b> The gradient of a plan with several shards is a sum of one partial sum for each {@link Shard}, added by
 * a binary tree, so that any number of machines and threads compute the same bits: a {@link GradientSource} combines the
 * {@link GradientSum}s of ranges of shards that {@link ShardGradients} computes, or {@code LocalGradients} computes all of
 * them in memory. The content of a row decides about its place ({@link RowHash}), and {@code ShardStep} about the step that
 * takes it. Three choices let a machine that has a few shards compute without knowing the others: sums are divided by the
 * number of rows only when they are complete; the order of an epoch is a {@code Permutation} of which each element is
 * computed by itself, without state that a machine could lose; and the rows of a step begin at another fraction of a row in
 * each shard, since steps of less than one row per shard would otherwise take a row of all shards or of none. A step
 * without rows changes nothing.
 *
 * <p><b>Evaluation.</b> An {@link Evaluator} computes loss and predictions in one pass, from which {@link
 * ClassificationMetrics} and {@link RegressionMetrics} are computed. All of them accept the examples in several parts, so
 * memory use does not depend on the number of examples. A training measures any {@link Metric} of its validation examples
 * after each epoch, by which {@link KeepBest} chooses the best one; its {@link TrainingResult} has this history.
 *
 * <p><b>Ensembles.</b> An {@link Ensemble} averages the predictions of networks of one specification, and may have a
 * temperature, which {@link Calibration} fits to their logits.
 *
 * <p><b>Randomness.</b> Every random decision draws from its own stream, derived from the seed, the purpose and, where
 * needed, the epoch and the step ({@link SplitMix64#derive}). A {@link TrainingState} therefore consists of a few counters
 * and arrays without the state of a generator, and a resumed training produces the same bits.
 *
 * <p><b>Speed.</b> The loops over arrays are in {@link io.backprop.engine.kernel}, in a scalar and a SIMD implementation
 * with identical results; the loops of the optimizers are plain Java, which the JIT compiler vectorizes as well. An {@code
 * Execution} divides a training step among the threads of its {@code ThreadTeam}: first by rows, then by parameters, or
 * product by product in a large network. Each number is computed by a single thread, so the bits do not depend on {@link
 * Threads}. {@code PerExampleSgd} trains small networks one example at a time.
 */
@NullMarked
package io.backprop.engine;

import org.jspecify.annotations.NullMarked;
