package io.backprop.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.LearningRateSchedule.Constant;
import io.backprop.engine.LearningRateSchedule.CosLog;
import io.backprop.engine.Metric;
import io.backprop.search.SearchCourse.End;
import io.backprop.search.SearchCourse.Train;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SearchCourseTests {

    private static final SearchSpace SPACE = new SearchSpace(
            Map.of(SearchField.DROPOUT, new Domain.Range(SearchField.DROPOUT, 0, 0.5, Domain.Scale.LINEAR)));

    private final List<TrialResult> results = new ArrayList<>();

    private static SearchSettings settings(int trials, int epochs, Metric metric, @Nullable Double goal) {
        SearchStrategy strategy = SearchStrategy.SUCCESSIVE_HALVING;
        return new SearchSettings(
                SPACE, strategy, trials, Rung.of(strategy, trials, epochs, new Constant()), metric, 16, goal, 1, true);
    }

    private static SearchSettings settings(int trials) {
        return settings(trials, 256, Metric.LOG_LOSS, null);
    }

    private static TrialResult result(int trial, int rung, @Nullable Double score) {
        return new TrialResult(
                trial,
                rung,
                1,
                score == null ? null : Integer.valueOf(1),
                0.5,
                0.5,
                Collections.singletonMap("log_loss", score));
    }

    private void add(int rung, @Nullable Double... scores) {
        for (int trial = 0; trial < scores.length; trial++) {
            results.add(result(trial, rung, scores[trial]));
        }
    }

    private SearchCourse course(SearchSettings settings) {
        return new SearchCourse(settings, results);
    }

    private static int winner(End end) {
        return Objects.requireNonNull(end.winner()).trial();
    }

    @Test
    void endsRungsWhereTheScheduleReachesZero() {
        assertThat(Rung.of(SearchStrategy.SUCCESSIVE_HALVING, 36, 256, new CosLog(4)))
                .containsExactly(new Rung(17, 36), new Rung(51, 12), new Rung(119, 6), new Rung(256, 3));
        assertThat(Rung.of(SearchStrategy.SUCCESSIVE_HALVING, 36, 256, new Constant()))
                .isEqualTo(Rung.of(SearchStrategy.SUCCESSIVE_HALVING, 36, 256, new CosLog(4)));
        assertThat(Rung.of(SearchStrategy.SUCCESSIVE_HALVING, 10, 70, new CosLog(3)))
                .containsExactly(new Rung(10, 10), new Rung(30, 4), new Rung(70, 2));
        assertThat(Rung.of(SearchStrategy.SUCCESSIVE_HALVING, 10, 3, new Constant()))
                .containsExactly(new Rung(1, 10), new Rung(3, 4));
        assertThat(Rung.of(SearchStrategy.SUCCESSIVE_HALVING, 6, 15, new Constant()))
                .as("the model as it is and the best other trial go on to the end")
                .containsExactly(new Rung(1, 6), new Rung(3, 2), new Rung(7, 2), new Rung(15, 2));
        assertThat(Rung.of(SearchStrategy.SOBOL, 10, 256, new CosLog(4))).containsExactly(new Rung(256, 10));
    }

    @Test
    void trainsAllTrialsFirst() {
        assertThat(course(settings(4)).next()).isEqualTo(new Train(0, List.of(0, 1, 2, 3)));
    }

    @Test
    void decidesCompleteRungsOnly() {
        SearchSettings settings = settings(6);
        add(0, 0.5, 0.4, 0.3, 0.2, 0.1);

        assertThat(course(settings).next()).isEqualTo(new Train(0, List.of(5)));
        assertThat(course(settings).trials(1)).isEmpty();

        results.add(result(5, 0, 0.9));

        assertThat(course(settings).next()).isEqualTo(new Train(1, List.of(0, 4)));
    }

    @Test
    void keepsTheBestAndTheLowerOfEqualTrials() {
        add(0, 0.1, 0.3, 0.2, 0.3, 0.2, 0.2, 0.5, 0.3, 0.2);

        assertThat(course(settings(9)).trials(1)).containsExactly(0, 2, 4);
    }

    @Test
    void keepsTheModelAsItIsInTheLastPlace() {
        add(0, 0.9, 0.1, 0.2, 0.3, 0.4, 0.5);

        assertThat(course(settings(6)).trials(1)).containsExactly(0, 1);
    }

    @Test
    void ranksDivergedTrialsLast() {
        add(0, 0.3, null, 0.2, null, null, null);

        assertThat(course(settings(6)).trials(1)).containsExactly(0, 2);
        assertThat(course(settings(6)).leaderboard())
                .extracting(TrialResult::trial)
                .containsExactly(2, 0, 1, 3, 4, 5);
    }

    @Test
    void dropsDivergedTrialsEvenIfPlacesAreLeft() {
        add(0, null, null, 0.2, null, null, null);

        assertThat(course(settings(6)).trials(1)).containsExactly(2);
    }

    @Test
    void endsWithoutWinnerIfAllDiverge() {
        add(0, null, null, null);

        assertThat(course(settings(3)).next()).isEqualTo(new End(null, 3, 1));
    }

    @Test
    void prefersHigherValuesOfMetricsLikeAccuracy() {
        SearchSettings settings = settings(3, 1, Metric.ACCURACY, null);
        results.add(new TrialResult(0, 0, 1, 1, 0.5, 0.5, Map.of("accuracy", 0.8)));
        results.add(new TrialResult(1, 0, 1, 1, 0.5, 0.5, Map.of("accuracy", 0.9)));
        results.add(new TrialResult(2, 0, 1, 1, 0.5, 0.5, Map.of("accuracy", 0.7)));

        assertThat(winner((End) course(settings).next())).isEqualTo(1);
    }

    @Test
    void comparesTheLossOfHeldRows() {
        SearchSettings settings = settings(2, 1, Metric.VALIDATION_LOSS, null);
        results.add(new TrialResult(0, 0, 1, 1, 0.5, 0.4, Map.of()));
        results.add(new TrialResult(1, 0, 1, 1, 0.5, 0.3, Map.of()));

        assertThat(winner((End) course(settings).next())).isEqualTo(1);
    }

    @Test
    void endsAtTheGoalOnceARungIsComplete() {
        SearchSettings settings = settings(6, 256, Metric.LOG_LOSS, 0.15);
        add(0, 0.5, 0.1, 0.3, 0.2, 0.4);

        assertThat(course(settings).next()).isInstanceOf(Train.class);

        results.add(result(5, 0, 0.4));
        End end = (End) course(settings).next();

        assertThat(winner(end)).isEqualTo(1);
        assertThat(end.rungs()).isEqualTo(1);
    }

    @Test
    void stopsAfterTheLastCompleteRung() {
        add(0, 0.5, 0.1, 0.3, 0.2, 0.4, 0.6);
        results.add(result(0, 1, 0.01));
        SearchSettings settings = settings(6);

        End end = course(settings).stopped();

        assertThat(winner(end)).isEqualTo(1);
        assertThat(end.trials()).isEqualTo(6);
        assertThat(end.rungs()).isEqualTo(1);
    }

    @Test
    void stopsInTheFirstRungAfterTheTrialsWithoutAGap() {
        SearchSettings settings = settings(6);
        List.of(0, 1, 3, 4).forEach(trial -> results.add(result(trial, 0, 0.9 - trial * 0.1)));

        End end = course(settings).stopped();

        assertThat(winner(end)).isEqualTo(1); // of 0 and 1; 2 is missing
        assertThat(end.trials()).isEqualTo(2);
        assertThat(end.rungs()).isEqualTo(1);
    }

    @Test
    void stopsWithoutWinnerBeforeTheFirstTrialIsComplete() {
        results.add(result(1, 0, 0.1));

        assertThat(course(settings(6)).stopped()).isEqualTo(new End(null, 0, 1));
    }

    /** Completes trials in random order, with random scores, and compares each decision with that of the ordered results. */
    @Test
    void decidesTheSameInAnyOrderOfCompletion() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            SearchSettings settings = settings(1 + random.nextInt(40));
            End expected = complete(settings, seed, null);

            End shuffled = complete(settings, seed, random);

            assertThat(shuffled).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private End complete(SearchSettings settings, int seed, @Nullable Random order) {
        results.clear();
        while (course(settings).next() instanceof Train train) {
            List<Integer> trials = new ArrayList<>(train.trials());
            if (order != null) {
                Collections.shuffle(trials, order);
            }
            Integer trial = trials.get(0);
            double score = new Random(seed * 1_000_003L + trial * 101L + train.rung()).nextInt(10); // with ties
            results.add(result(trial, train.rung(), score == 9 ? null : Double.valueOf(score)));
            if (order != null) {
                Collections.shuffle(results, order);
            }
        }
        return (End) course(settings).next();
    }

    @Test
    void isNeverWorseThanTheModelAsItIs() {
        for (int seed = 0; seed < 50; seed++) {
            int trials = 2 + new Random(seed).nextInt(40);
            End end = complete(settings(trials), seed, null);
            Double own = results.stream()
                    .filter(result -> result.trial() == 0)
                    .reduce((first, second) -> second)
                    .orElseThrow()
                    .score(Metric.LOG_LOSS);
            if (own != null && end.winner() != null) {
                assertThat(end.winner().score(Metric.LOG_LOSS))
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(own);
            }
        }
    }

    @Test
    void reproducesAStoppedSearchWithFewerTrials() {
        SearchSettings settings = settings(20);
        IntStream.range(0, 7).forEach(trial -> results.add(result(trial, 0, (double) (trial * 5 % 7))));
        End stopped = course(settings).stopped();

        SearchSettings smaller = new SearchSettings(
                SPACE,
                SearchStrategy.SUCCESSIVE_HALVING,
                stopped.trials(),
                Rung.of(SearchStrategy.SUCCESSIVE_HALVING, stopped.trials(), 256, new Constant())
                        .subList(0, stopped.rungs()),
                Metric.LOG_LOSS,
                16,
                null,
                1,
                true);

        assertThat(course(smaller).next()).isEqualTo(stopped);
    }
}
