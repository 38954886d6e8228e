package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Trains on well-known problems and checks the accuracy. */
class LearningTests {

    @Test
    void classicNetworkLearnsExclusiveOr() {
        NetworkSpec spec = NetworkSpec.of(
                2,
                new Loss.MeanSquaredError(),
                new LayerSpec(4, Activation.SIGMOID),
                new LayerSpec(1, Activation.SIGMOID));
        Network network = Network.initialize(spec, Initializer.UNIFORM, 1);
        TrainingPlan plan = TrainingPlan.classic(0.5f).withEpochs(4000);
        Matrix predictions = Trainer.start(network, plan, TrainingData.of(ExampleData.xor()))
                .train(TrainingListener.NONE)
                .network()
                .predict(ExampleData.xor().inputs());
        for (int row = 0; row < 4; row++) {
            float target = ExampleData.xor().targets().get(row, 0);
            assertThat(predictions.get(row, 0)).isCloseTo(target, within(0.1f));
        }
    }

    @Test
    void classifiesIris() {
        assertThat(meanAccuracy("/data/iris.csv")).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void classifiesBreastCancer() {
        assertThat(meanAccuracy("/data/breast_cancer.csv")).isGreaterThanOrEqualTo(0.96);
    }

    /** Averages over enough splits that a lucky one does not matter. */
    private static double meanAccuracy(String table) {
        Examples examples = CsvExamples.read(table);
        return LongStream.range(0, 20)
                .mapToDouble(seed -> heldBackAccuracy(examples, seed))
                .average()
                .orElseThrow();
    }

    /** Accuracy on a fifth of the examples, which are not trained on. */
    private static double heldBackAccuracy(Examples examples, long seed) {
        TrainingData split = TrainingData.of(
                examples, Split.stratified(ClassificationMetrics.classesOf(examples.targets()), 0.2f, seed));
        Examples heldBack = CsvExamples.standardize(Objects.requireNonNull(split.validation()), split.training());
        Examples training = CsvExamples.standardize(split.training(), split.training());
        NetworkSpec spec = NetworkSpec.of(
                examples.inputs().columns(),
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(8, Activation.TANH),
                new LayerSpec(examples.targets().columns(), Activation.SOFTMAX));
        TrainingPlan plan = TrainingPlan.adam(0.01f)
                .withEpochs(150)
                .withSeed(seed)
                .withRegularization(new Regularization(0, 0.001f, Float.POSITIVE_INFINITY));
        Network network = Trainer.start(Network.initialize(spec, seed), plan, TrainingData.of(training))
                .train(TrainingListener.NONE)
                .network();
        Matrix predictions = network.predict(heldBack.inputs());
        return ClassificationMetrics.of(predictions, heldBack.targets()).accuracy();
    }
}
