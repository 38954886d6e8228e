package io.backprop.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.Activation;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Examples;
import io.backprop.engine.Folds;
import io.backprop.engine.KeepBest;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.Network;
import io.backprop.engine.Split;
import io.backprop.engine.SplitMix64;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingState;
import io.backprop.model.Architecture;
import io.backprop.model.Description;
import io.backprop.model.EnsembleSpec;
import io.backprop.model.InvalidInputException;
import io.backprop.model.Model;
import io.backprop.model.ModelSpec;
import io.backprop.model.OutputSpec;
import io.backprop.model.Task;
import io.backprop.search.Domain.Choice;
import io.backprop.search.Domain.Range;
import io.backprop.search.Domain.Scale;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.Scaling;
import io.backprop.training.Checkpoint;
import io.backprop.training.ClassWeights;
import io.backprop.training.History;
import io.backprop.training.PartResult;
import io.backprop.training.PartRun;
import io.backprop.training.PartedTraining.Assignment;
import io.backprop.training.PartedTraining.End;
import io.backprop.training.PartedTraining.Ending;
import io.backprop.training.PartedTraining.Next;
import io.backprop.training.PartedTraining.Parts;
import io.backprop.training.PartedTraining.Refit;
import io.backprop.training.PartedTraining.StageEnd;
import io.backprop.training.PartedTraining.Train;
import io.backprop.training.PreparedTraining;
import io.backprop.training.TrainedNetwork;
import io.backprop.training.Training;
import io.backprop.training.TrainingPart;
import io.backprop.training.TrainingSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SearchTrainingTests {

    private static final int ROWS = 90;
    private static final int CLASSES = 3;
    private static final SearchSpace SPACE = new SearchSpace(Map.of(
            SearchField.LEARNING_RATE,
            new Range(SearchField.LEARNING_RATE, 0.001, 0.3, Scale.LOG),
            SearchField.DROPOUT,
            new Range(SearchField.DROPOUT, 0, 0.3, Scale.LINEAR),
            SearchField.HIDDEN,
            new Choice(List.of(
                    new Setting.Hidden(List.of(new Setting.Layer(4, null, null))),
                    new Setting.Hidden(
                            List.of(new Setting.Layer(8, null, null), new Setting.Layer(6, Activation.TANH, null)))))));

    private final SearchTraining trainings = new SearchTraining();

    /** Three noisy classes in two dimensions; their numbers are not scaled yet. */
    private static Examples examples() {
        SplitMix64 random = new SplitMix64(11);
        float[] inputs = new float[ROWS * 2];
        int[] labels = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            labels[row] = row % CLASSES;
            inputs[2 * row] = (float) (10 + 3 * labels[row] + 2 * random.nextGaussian());
            inputs[2 * row + 1] = (float) (labels[row] == 1 ? 5 + random.nextGaussian() : random.nextGaussian());
        }
        return Examples.ofClasses(Matrix.wrap(ROWS, 2, inputs), labels);
    }

    private static PreparedTraining prepared(
            TrainingData data, EnsembleSpec ensemble, int epochs, SearchOptions options) {
        return prepared(data, ensemble, false, epochs, options);
    }

    private static PreparedTraining prepared(
            TrainingData data, EnsembleSpec ensemble, boolean calibrated, int epochs, SearchOptions options) {
        Preprocessing preprocessing =
                new Preprocessing.Standardized(Scaling.standard(data.training().inputs()), Scaling.NONE);
        Architecture architecture = new Architecture(
                2,
                List.of(new LayerSpec(8, Activation.RELU)),
                CLASSES,
                new OutputSpec(Task.CLASSIFICATION, null, null, 0, false),
                new ClassEncoding(List.of("a", "b", "c")),
                preprocessing);
        TrainingPlan plan = TrainingPlan.adam(0.01f)
                .withEpochs(epochs)
                .withBatches(16, true)
                .withKeepBest(KeepBest.of(Metric.VALIDATION_LOSS))
                .withSeed(5);
        ModelSpec spec =
                new ModelSpec(ModelSpec.Form.LAYERS, architecture, null, null, plan).withEnsemble(ensemble, calibrated);
        Model model = new Model(
                "m", spec, Description.NONE, 0, null, 0, 0, false, null, null, List.of(), Instant.EPOCH, null);
        PreparedTraining prepared =
                new PreparedTraining(model, architecture, true, settings(plan, ensemble), data, List.of());
        return prepared.withSearch(options.plan(prepared, trial -> {}));
    }

    private static TrainingSettings settings(TrainingPlan plan, EnsembleSpec ensemble) {
        return new TrainingSettings(
                Task.CLASSIFICATION,
                null,
                null,
                Map.of(),
                null,
                plan,
                ensemble,
                0.2f,
                18,
                null,
                ClassWeights.NONE,
                Duration.ofHours(1),
                false,
                0,
                null);
    }

    private static TrainingData data() {
        Examples all = examples();
        return TrainingData.of(all).withHeldOut(Split.of(ROWS, row -> row % 5 == 0));
    }

    private static SearchOptions options(int trials) {
        return new SearchOptions(SPACE, SearchStrategy.SUCCESSIVE_HALVING, trials, null, null, null, null, 3L, true);
    }

    private static PreparedTraining prepared(int trials) {
        return prepared(data(), EnsembleSpec.SINGLE, 16, options(trials));
    }

    /** Works on the parts of a search as the service does, one stage at a time. */
    private final class Worker {

        private final PreparedTraining search;
        private final @Nullable Random interruptions;
        private final Map<Integer, List<PartResult>> results = new TreeMap<>();
        private final Map<Integer, TrainingState> states = new HashMap<>();

        Worker(PreparedTraining search, @Nullable Random interruptions) {
            this.search = search;
            this.interruptions = interruptions;
        }

        List<TrainingPart> parts() {
            return results.entrySet().stream()
                    .map(entry -> new TrainingPart(
                            "p" + entry.getKey(),
                            "t",
                            entry.getKey(),
                            entry.getValue().size() - 1,
                            TrainingPart.State.COMPLETED,
                            Training.Progress.NONE,
                            entry.getValue()))
                    .toList();
        }

        Next next() {
            return trainings.next(search.settings(), parts(), null);
        }

        /** Completes a part of the next assignment; returns false if there is none. */
        boolean work() {
            if (!(next() instanceof Parts parts)) {
                return false;
            }
            List<Assignment> assignments = new ArrayList<>(parts.assignments());
            if (interruptions != null) {
                Collections.shuffle(assignments, interruptions);
            }
            Assignment assignment = assignments.get(0);
            while (true) {
                TrainingState state = states.get(assignment.number());
                int stop = interruptions == null ? Integer.MAX_VALUE : 1 + interruptions.nextInt(20);
                Run run = new Run(assignment.untilEpoch(), stop);
                StageEnd end = trainings.run(
                        search,
                        assignment,
                        state == null ? null : new Checkpoint(List.of(), state, History.EMPTY),
                        run);
                if (end.state() != null) {
                    states.put(assignment.number(), end.state());
                }
                if (end.result() != null) {
                    results.computeIfAbsent(assignment.number(), key -> new ArrayList<>())
                            .add(end.result());
                    return true;
                }
            }
        }

        Worker complete() {
            boolean working = true;
            while (working) {
                working = work();
            }
            return this;
        }

        SearchCourse course() {
            return SearchTraining.course(SearchTraining.settings(search.settings()), parts());
        }
    }

    /** Ends a stage after an epoch, or interrupts it after some polls. */
    private static final class Run implements PartRun {

        private final int untilEpoch;
        private int polls;
        private boolean stopped;
        private int epoch;

        Run(int untilEpoch, int polls) {
            this.untilEpoch = untilEpoch;
            this.polls = polls;
        }

        @Override
        public void beginNetwork(List<TrainedNetwork> before) {}

        @Override
        public boolean isStopped() {
            return stopped;
        }

        @Override
        public void epochEnded(EpochReport report, Supplier<Network> network) {
            epoch = report.epoch();
        }

        @Override
        public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
            if (epoch >= untilEpoch) {
                return StopReason.CANCELLED;
            }
            stopped = --polls <= 0;
            return stopped ? StopReason.CANCELLED : null;
        }
    }

    @Test
    void findsTheSameLeaderboardWithAnyInterruptionsInAnyOrder() {
        List<TrialResult> expected =
                new Worker(prepared(12), null).complete().course().leaderboard();

        for (int seed = 0; seed < 5; seed++) {
            assertThat(new Worker(prepared(12), new Random(seed))
                            .complete()
                            .course()
                            .leaderboard())
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
        assertThat(expected).hasSize(12);
    }

    @Test
    void trainsSurvivorsAsIfTheyHadNotWaited() {
        PreparedTraining search = prepared(12);
        SearchCourse course = new Worker(search, null).complete().course();
        TrialResult best = course.leaderboard().get(0);

        StageEnd straight = trainings.run(
                search, new Assignment(best.trial(), 0, 16), null, new Run(Integer.MAX_VALUE, Integer.MAX_VALUE));

        assertThat(TrialResult.of(best.trial(), best.rung(), Objects.requireNonNull(straight.result())))
                .isEqualTo(best);
        assertThat(best.epochs()).isEqualTo(16);
    }

    @Test
    void isNeverWorseThanTheModelAsItIs() {
        SearchCourse course = new Worker(prepared(12), null).complete().course();

        assertThat(course.leaderboard().get(0).score(Metric.LOG_LOSS))
                .isLessThanOrEqualTo(course.last(0).orElseThrow().score(Metric.LOG_LOSS));
        assertThat(course.last(0).orElseThrow().rung()).isEqualTo(3);
    }

    @Test
    void measuresHeldOutRowsWithScalesOfTheOthers() {
        PreparedTraining search = prepared(1);
        PartResult result =
                new Worker(search, null).complete().parts().get(0).results().get(3);
        Split split = Objects.requireNonNull(search.data().heldOut());
        Examples training = search.data().training().select(split.training());
        Preprocessing.Standardized own =
                new Preprocessing.Standardized(Scaling.standard(training.inputs()), Scaling.NONE);
        Examples held = own.apply(search.data().training().select(split.validation()));

        Network trained = io.backprop.engine.Trainer.start(
                        search.model()
                                .spec()
                                .initialNetwork(
                                        search.architecture().networkSpec().orElseThrow(), 0),
                        search.plan(),
                        new TrainingData(own.apply(training), held))
                .train(new io.backprop.engine.TrainingListener() {})
                .network();

        assertThat(result.metrics())
                .isEqualTo(io.backprop.model.Metrics.of(
                                search.architecture(), trained.predict(held.inputs()), held.targets())
                        .numbers());
        assertThat(result.examples()).isEqualTo(18);
    }

    @Test
    void trainsTheBestOnAllRowsToItsBestEpoch() {
        PreparedTraining search = prepared(12);
        Worker worker = new Worker(search, null).complete();
        TrialResult best = worker.course().leaderboard().get(0);

        assertThat(worker.next()).isEqualTo(new Train());
        Refit refit = trainings.refit(search, worker.parts());

        assertThat(refit.untilEpoch()).isEqualTo(best.bestEpoch());
        assertThat(Objects.requireNonNull(refit.measured()).metrics()).isEqualTo(best.metrics());
        assertThat(refit.measured().temperature()).isEqualTo(1);
        assertThat(refit.prepared().data().training().size()).isEqualTo(ROWS);
        assertThat(refit.prepared().data().validation()).isNull();
        assertThat(refit.prepared().plan().keepBest()).isNull();
        assertThat(refit.prepared().plan().epochs()).isEqualTo(16);
        assertThat(refit.prepared().settings().kind()).isEqualTo(Training.Kind.TRAINING);
        Configuration configuration = SearchTraining.settings(search.settings()).configuration(best.trial());
        ModelSpec published = refit.prepared().model().spec();
        assertThat(published.plan().learningRate())
                .isEqualTo(
                        best.trial() == 0
                                ? 0.01f
                                : (float) ((Setting.Numeric) Objects.requireNonNull(
                                                configuration.settings().get(SearchField.LEARNING_RATE)))
                                        .value());
        assertThat(published.architecture().hidden())
                .isEqualTo(published.described().hidden());
    }

    @Test
    void comparesAndPublishesCalibratedModelsWithTheirTemperature() {
        PreparedTraining plain = prepared(12);
        PreparedTraining calibrated = prepared(data(), EnsembleSpec.SINGLE, true, 16, options(12));
        Worker worker = new Worker(calibrated, null).complete();
        TrialResult best = worker.course().leaderboard().get(0);

        PartResult measured = Objects.requireNonNull(
                trainings.refit(calibrated, worker.parts()).measured());

        assertThat(measured.metrics()).isEqualTo(best.metrics());
        assertThat(measured.temperature()).isNotEqualTo(1);
        PartResult uncalibrated = new Worker(plain, null)
                .complete()
                .parts()
                .get(best.trial())
                .results()
                .get(0);
        PartResult first = worker.parts().get(best.trial()).results().get(0);
        assertThat(first.validationLoss()).isEqualTo(uncalibrated.validationLoss());
        assertThat(first.metrics().get("log_loss"))
                .isLessThan(uncalibrated.metrics().get("log_loss"));
    }

    @Test
    void trainsEnsemblesByFoldOnTheirFolds() {
        int[] foldOf = new int[ROWS];
        Arrays.setAll(foldOf, row -> row / 3 % 3);
        Folds folds = Folds.of(3, foldOf);
        TrainingData data = new TrainingData(examples(), null, folds).withHeldOut(Split.of(ROWS, row -> row % 5 == 0));
        PreparedTraining search = prepared(data, new EnsembleSpec(3, EnsembleSpec.By.FOLD), 16, options(4));

        Refit refit =
                trainings.refit(search, new Worker(search, null).complete().parts());

        assertThat(refit.untilEpoch()).isNull();
        assertThat(refit.measured()).isNull();
        assertThat(refit.prepared().data().folds()).isSameAs(folds);
        assertThat(refit.prepared().data().heldOut()).isNull();
        assertThat(refit.prepared().plan().keepBest()).isNotNull();
    }

    @Test
    void neverLearnsFromRowsThatWereSentForValidation() {
        Examples all = examples();
        Split split = Split.of(ROWS, row -> row % 5 == 0);
        Preprocessing.Standardized scales =
                new Preprocessing.Standardized(Scaling.standard(all.inputs()), Scaling.NONE);
        TrainingData data = TrainingData.of(scales.apply(all), split);
        PreparedTraining search = prepared(data, EnsembleSpec.SINGLE, 16, options(4));

        Refit refit =
                trainings.refit(search, new Worker(search, null).complete().parts());

        assertThat(refit.prepared().data()).isSameAs(data);
        assertThat(refit.untilEpoch()).isEqualTo(16);
        assertThat(refit.measured()).isNull();
    }

    @Test
    void publishesNothingOnRequest() {
        SearchOptions options =
                new SearchOptions(SPACE, SearchStrategy.SOBOL, 3, null, Metric.ACCURACY, 2, null, null, false);
        PreparedTraining search = prepared(data(), EnsembleSpec.SINGLE, 4, options);
        Worker worker = new Worker(search, null).complete();

        assertThat(worker.next()).isInstanceOfSatisfying(End.class, end -> {
            assertThat(end.outcome().state()).isEqualTo(Training.State.SUCCEEDED);
            assertThat(end.outcome().version()).isNull();
            assertThat(end.outcome().validationMetrics())
                    .isEqualTo(worker.course().leaderboard().get(0).metrics());
        });
    }

    @Test
    void marksDivergedTrialsAsWorst() {
        SearchSpace wild = new SearchSpace(Map.of(
                SearchField.LEARNING_RATE, new Choice(List.of(new Setting.Numeric(SearchField.LEARNING_RATE, 1e30)))));
        SearchOptions options = new SearchOptions(wild, SearchStrategy.GRID, null, null, null, null, null, null, true);
        PreparedTraining search = prepared(data(), EnsembleSpec.SINGLE, 4, options);

        List<TrialResult> leaderboard =
                new Worker(search, null).complete().course().leaderboard();

        assertThat(leaderboard).extracting(TrialResult::trial).containsExactly(0, 1);
        assertThat(leaderboard.get(1).hasDiverged()).isTrue();
        assertThat(leaderboard.get(1).score(Metric.LOG_LOSS)).isNull();
    }

    @Test
    void endsByWhatIsCompleteAtTheTimeLimit() {
        PreparedTraining search = prepared(12);
        Worker worker = new Worker(search, null);

        assertThat(trainings.next(search.settings(), worker.parts(), Ending.TIME_LIMIT))
                .isInstanceOfSatisfying(
                        End.class,
                        end -> assertThat(end.outcome().error()).contains("before the first trial was completed"));
        assertThat(trainings.next(search.settings(), worker.parts(), Ending.KEEP))
                .isInstanceOfSatisfying(
                        End.class, end -> assertThat(end.outcome().state()).isEqualTo(Training.State.CANCELLED));

        for (int part = 0; part < 5; part++) {
            worker.work();
        }
        assertThat(trainings.next(search.settings(), worker.parts(), Ending.TIME_LIMIT))
                .isEqualTo(new Train());
        Refit refit = trainings.refit(search, worker.parts());
        SearchCourse.End end = worker.course().stopped();

        assertThat(end.trials()).isEqualTo(5);
        SearchOptions same = new SearchOptions(
                SPACE, SearchStrategy.SUCCESSIVE_HALVING, end.trials(), end.rungs(), null, null, null, 3L, true);
        PreparedTraining smaller = prepared(data(), EnsembleSpec.SINGLE, 16, same);
        Worker repeated = new Worker(smaller, null).complete();
        Refit expected = trainings.refit(smaller, repeated.parts());
        assertThat(refit.untilEpoch()).isEqualTo(expected.untilEpoch());
        assertThat(refit.measured()).isEqualTo(expected.measured());
        assertThat(refit.prepared().plan()).isEqualTo(expected.prepared().plan());
    }

    @Test
    void pointsToSettingsThatDoNotFit() {
        SearchSpace sgd = new SearchSpace(Map.of(
                SearchField.OPTIMIZER,
                new Choice(List.of(new Setting.Optimization(new io.backprop.engine.Optimizer.Sgd()))),
                SearchField.WEIGHT_DECAY,
                new Choice(List.of(new Setting.Numeric(SearchField.WEIGHT_DECAY, 0.1)))));
        SearchOptions options = new SearchOptions(sgd, SearchStrategy.SOBOL, 3, null, null, null, null, null, true);

        assertThatThrownBy(() -> prepared(data(), EnsembleSpec.SINGLE, 4, options))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("/space/weightDecay"))
                .hasMessage("weightDecay is for the optimizers adam and adamw");
    }

    @Test
    void rejectsMetricsOfOtherTargets() {
        SearchOptions options =
                new SearchOptions(SPACE, SearchStrategy.SOBOL, 3, null, Metric.R2, null, null, null, true);

        assertThatThrownBy(() -> prepared(data(), EnsembleSpec.SINGLE, 4, options))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.field()).isEqualTo("metric"));
    }
}
