package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidationTests {

    private static final NetworkSpec SPEC = NetworkSpec.of(
            2, new Loss.MeanSquaredError(), new LayerSpec(4, Activation.SIGMOID), new LayerSpec(1, Activation.SIGMOID));
    private static final Network START = Network.initialize(SPEC, Initializer.UNIFORM, 1);
    private static final TrainingPlan PLAN = TrainingPlan.classic(0.5f);

    @Test
    void validationLossFollowsTheStepsOfTheEpoch() {
        ReportCollector epochs = new ReportCollector();
        TrainingData data = new TrainingData(ExampleData.xor(), ExampleData.numbers(9, 2, 1));
        Network trained =
                Trainer.start(START, PLAN.withEpochs(1), data).train(epochs).network();
        assertThat(epochs.reports().get(0).validationLoss())
                .isEqualTo(EvaluatorTests.loss(trained, ExampleData.numbers(9, 2, 1)));
    }

    @Test
    void resumedTrainingRepeatsAnAbandonedValidation() {
        TrainingPlan plan = TrainingPlan.adam(0.01f).withEpochs(3);
        TrainingData data = new TrainingData(ExampleData.numbers(32, 2, 1), ExampleData.numbers(1_000, 2, 1));
        Trainer whole = Trainer.start(START, plan, data).measuring(Metric.R2);
        ReportCollector expected = new ReportCollector();
        Network uninterrupted = whole.train(expected).network();

        Trainer first = Trainer.start(START, plan, data).measuring(Metric.R2);
        TrainingResult stopped = first.train(new TrainingListener() {
            @Override
            public StopReason stopRequested(Supplier<TrainingState> checkpoint) {
                return StopReason.CANCELLED;
            }
        });
        ReportCollector goneOn = new ReportCollector();
        Network resumed = Trainer.resume(SPEC, first.state(), plan, data)
                .measuring(Metric.R2)
                .train(goneOn)
                .network();

        assertThat(stopped.epochsCompleted()).isZero();
        assertThat(goneOn.reports()).isEqualTo(expected.reports());
        assertThat(resumed.parameters()).isEqualTo(uninterrupted.parameters());
    }

    /** Layers of a prediction share arrays, in which a row has another place if they are not equally wide. */
    @ParameterizedTest
    @CsvSource({"256, 256", "256, 64", "64, 256"})
    void severalThreadsMeasureTheSameBits(int first, int third) {
        NetworkSpec spec = NetworkSpec.of(
                2,
                new Loss.MeanSquaredError(),
                new LayerSpec(first, Activation.TANH),
                new LayerSpec(128, Activation.TANH),
                new LayerSpec(third, Activation.TANH),
                new LayerSpec(1, Activation.LINEAR));
        TrainingData data = new TrainingData(ExampleData.xor(), ExampleData.numbers(256, 2, 1));
        assertThat(reports(spec, data, Threads.of(2))).isEqualTo(reports(spec, data, Threads.ONE));
    }

    private static List<EpochReport> reports(NetworkSpec spec, TrainingData data, Threads threads) {
        ReportCollector epochs = new ReportCollector();
        Trainer.start(Network.initialize(spec, 1), TrainingPlan.adam(0.001f).withEpochs(50), data)
                .using(threads)
                .measuring(Metric.R2)
                .train(epochs);
        return epochs.reports();
    }

    @Test
    void scoreAndLossUseTheSameParameters() {
        TrainingPlan plan = TrainingPlan.adam(0.05f).withEpochs(20);
        Examples numbers = ExampleData.numbers(700, 2, 1);
        TrainingData data = new TrainingData(ExampleData.xor(), numbers);
        ReportCollector epochs = new ReportCollector();
        Network trained = Trainer.start(START, plan, data)
                .measuring(Metric.R2)
                .train(epochs)
                .network();
        assertThat(epochs.reports().get(19).validationScores())
                .containsExactly(new Metric.Score(
                        Metric.R2,
                        RegressionMetrics.of(trained.predict(numbers.inputs()), numbers.targets())
                                .r2()));
        assertThat(epochs.reports().stream().map(EpochReport::validationScores)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void accuracyIsTheShareOfCorrectClasses(int outputs) {
        NetworkSpec spec = NetworkSpec.of(2, new Loss.MeanSquaredError(), new LayerSpec(outputs, Activation.SIGMOID));
        Examples examples = ExampleData.probabilities(700, 2, outputs);
        TrainingData data = new TrainingData(examples, examples);
        ReportCollector epochs = new ReportCollector();
        Network trained = Trainer.start(Network.initialize(spec, 1), PLAN.withEpochs(3), data)
                .withTargets(TargetKind.CLASSES, UnaryOperator.identity())
                .measuring(Metric.ACCURACY)
                .train(epochs)
                .network();
        double expected = ClassificationMetrics.of(trained.predict(examples.inputs()), examples.targets())
                .accuracy();
        assertThat(epochs.reports().get(2).validationScores())
                .containsExactly(new Metric.Score(Metric.ACCURACY, expected));
        assertThat(expected).isBetween(0.2, 0.99);
    }

    @Test
    void undefinedScoreIsNull() {
        TrainingData data =
                new TrainingData(ExampleData.xor(), ExampleData.xor().select(new int[] {1}));
        ReportCollector epochs = new ReportCollector();
        Trainer.start(START, PLAN.withEpochs(1), data).measuring(Metric.R2).train(epochs);
        assertThat(epochs.reports().get(0).validationScores()).containsExactly(new Metric.Score(Metric.R2, null));
    }

    @Test
    void thereAreNoScoresWithoutMetricOrValidation() {
        ReportCollector epochs = new ReportCollector();
        TrainingData validated = new TrainingData(ExampleData.xor(), ExampleData.numbers(9, 2, 1));
        Trainer.start(START, PLAN.withEpochs(1), validated).train(epochs);
        Trainer.start(START, PLAN.withEpochs(1), TrainingData.of(ExampleData.xor()))
                .measuring(Metric.R2)
                .train(epochs);
        assertThat(epochs.reports())
                .hasSize(2)
                .allMatch(report -> report.validationScores().isEmpty());
    }

    @Test
    void reportsDoNotDependOnTheNumberOfThreads() {
        NetworkSpec wide = NetworkSpec.of(
                30,
                new Loss.MeanSquaredError(),
                new LayerSpec(200, Activation.RELU),
                new LayerSpec(2, Activation.LINEAR));
        TrainingData data = new TrainingData(ExampleData.numbers(100, 30, 2), ExampleData.numbers(600, 30, 2));
        ExecutorService helpers = Executors.newFixedThreadPool(2);
        ReportCollector alone = new ReportCollector();
        ReportCollector shared = new ReportCollector();
        Trainer.start(Network.initialize(wide, 1), TrainingPlan.adam(0.01f).withEpochs(3), data)
                .measuring(Metric.R2)
                .train(alone);
        Trainer.start(Network.initialize(wide, 1), TrainingPlan.adam(0.01f).withEpochs(3), data)
                .measuring(Metric.R2)
                .using(new Threads(helpers, 3))
                .train(shared);
        helpers.shutdown();
        assertThat(shared.reports()).isEqualTo(alone.reports()).hasSize(3);
    }
}
