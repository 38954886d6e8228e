package io.backprop.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.ServiceTestBase;
import io.backprop.engine.Metric;
import io.backprop.engine.StopReason;
import io.backprop.engine.Vector;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.search.Domain.Choice;
import io.backprop.search.Domain.Range;
import io.backprop.search.Domain.Scale;
import io.backprop.tabular.TextTable;
import io.backprop.training.ClassWeights;
import io.backprop.training.PartStore;
import io.backprop.training.TableSource;
import io.backprop.training.Training;
import io.backprop.training.TrainingCommand;
import io.backprop.training.TrainingPart;
import io.backprop.training.TrainingService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Searches of the complete service. */
class SearchServiceTests extends ServiceTestBase {

    private static final String LAYERS = "\"hidden\": [8], \"learningRate\": 0.01, \"seed\": 3";

    private static final SearchSpace SPACE = new SearchSpace(Map.of(
            SearchField.LEARNING_RATE, new Range(SearchField.LEARNING_RATE, 0.001, 0.1, Scale.LOG),
            SearchField.HIDDEN,
                    new Choice(List.of(
                            new Setting.Hidden(List.of(new Setting.Layer(4, null, null))),
                            new Setting.Hidden(
                                    List.of(new Setting.Layer(16, null, null), new Setting.Layer(8, null, null)))))));

    @Autowired
    private TrainingService trainings;

    @Autowired
    private ModelService models;

    @Autowired
    private PartStore parts;

    private static String data(String name) throws IOException {
        return Files.readString(Path.of("../shared/data/%s.csv".formatted(name)));
    }

    private static SearchOptions options(int trials, @Nullable Integer parallelism, boolean publish) {
        return new SearchOptions(
                SPACE, SearchStrategy.SUCCESSIVE_HALVING, trials, null, null, parallelism, null, null, publish);
    }

    private Training start(String id, String name, String target, int epochs, SearchOptions options)
            throws IOException {
        TrainingCommand command = new TrainingCommand(
                null, epochs, null, null, null, null, null, null, null, ClassWeights.NONE, null, false, 0, options);
        TableSource source = new TableSource(TextTable.csv(data(name)), target, Map.of());
        return trainings.start(id, model -> true, command, source, null);
    }

    private Training search(String id, String name, String target, int epochs, SearchOptions options)
            throws IOException {
        Training started = start(id, name, target, epochs, options);
        return Await.until(() -> trainings.get(id, started.number()), Training::isOver);
    }

    private SearchCourse course(Training search) {
        List<TrainingPart> completed = parts.list(search.id());
        return SearchTraining.course(SearchTraining.settings(Objects.requireNonNull(search.settings())), completed);
    }

    private List<Vector> parameters(String id) {
        return Objects.requireNonNull(models.get(id).ensemble()).networks().stream()
                .map(network -> Vector.of(network.parameters()))
                .toList();
    }

    @Test
    void publishesTheBestConfiguration() throws IOException {
        String id = create(LAYERS);

        Training search = search(id, "iris", "species", 16, options(6, null, true));

        assertThat(search.state()).isEqualTo(Training.State.SUCCEEDED);
        assertThat(search.kind()).isEqualTo(Training.Kind.SEARCH);
        assertThat(search.outcome().reason()).isEqualTo(StopReason.EPOCHS);
        assertThat(search.outcome().version()).isEqualTo(1);
        TrialResult best = course(search).leaderboard().get(0);
        assertThat(search.outcome().validationMetrics()).isEqualTo(best.metrics());
        Model model = models.get(id);
        Configuration configuration = SearchTraining.settings(Objects.requireNonNull(search.settings()))
                .configuration(best.trial());
        assertThat(model.spec()).isEqualTo(configuration.applyTo(model.spec()));
        assertThat(model.validationMetrics()).isEqualTo(best.metrics());
        assertThat(model.training()).isFalse();
        assertThat(model.spec().architecture().hidden())
                .isEqualTo(model.spec().described().hidden());
    }

    @Test
    void findsTheSameOnAnyParallelism() throws IOException {
        String one = create(LAYERS);
        String two = create(LAYERS);

        Training first = search(one, "iris", "species", 16, options(9, 1, true));
        Training second = search(two, "iris", "species", 16, options(9, 2, true));

        assertThat(course(second).leaderboard())
                .isEqualTo(course(first).leaderboard())
                .hasSize(9);
        assertThat(parameters(two)).isEqualTo(parameters(one));
    }

    @Test
    void keepsEarlierVersionsWithTheirLayers() throws IOException {
        String id = create("\"hidden\": [8], \"learningRate\": 0.00001, \"seed\": 3");
        search(id, "iris", "species", 2, options(1, null, true)); // the model as it is
        List<Vector> before = parameters(id);
        SearchSpace other = new SearchSpace(Map.of(
                SearchField.LEARNING_RATE,
                new Choice(List.of(new Setting.Numeric(SearchField.LEARNING_RATE, 0.01))),
                SearchField.HIDDEN,
                new Choice(List.of(new Setting.Hidden(
                        List.of(new Setting.Layer(16, null, null), new Setting.Layer(8, null, null)))))));
        SearchOptions options = new SearchOptions(
                other, SearchStrategy.GRID, null, null, Metric.VALIDATION_LOSS, null, null, null, true);
        Training second = search(id, "iris", "species", 60, options);
        assertThat(course(second).leaderboard().get(0).trial()).isEqualTo(1);

        assertThat(models.get(id).spec().architecture().hidden()).hasSize(2);
        Model first = models.get(id, 1L);

        assertThat(first.spec().architecture().hidden()).hasSize(1);
        assertThat(Objects.requireNonNull(first.ensemble()).networks())
                .map(network -> Vector.of(network.parameters()))
                .isEqualTo(before);
    }

    @Test
    void publishesNothingOnRequest() throws IOException {
        String id = create(LAYERS);

        Training search = search(id, "iris", "species", 4, options(3, null, false));

        assertThat(search.state()).isEqualTo(Training.State.SUCCEEDED);
        assertThat(search.outcome().version()).isNull();
        assertThat(search.outcome().validationMetrics())
                .isEqualTo(course(search).leaderboard().get(0).metrics());
        assertThat(models.get(id).version()).isZero();
        assertThat(models.get(id).training()).isFalse();
    }

    @Test
    void searchesAroundThePresetByDefault() throws IOException {
        String id = create("\"preset\": \"tabular\", \"hidden\": [16, 16], \"seed\": 3");
        SearchSpace small = new SearchSpace(Map.of(
                SearchField.LEARNING_RATE, new Range(SearchField.LEARNING_RATE, 0.02, 0.3, Scale.LOG),
                SearchField.HIDDEN,
                        new Choice(List.of(new Setting.Hidden(List.of(new Setting.Layer(32, null, null)))))));
        SearchOptions options =
                new SearchOptions(small, SearchStrategy.SUCCESSIVE_HALVING, 6, null, null, null, null, null, true);

        Training search = search(id, "iris", "species", 32, options);

        assertThat(search.state()).as(search.outcome().error()).isEqualTo(Training.State.SUCCEEDED);
        assertThat(Objects.requireNonNull(models.get(id).ensemble()).networks()).hasSize(5);
        assertThat(Objects.requireNonNull(search.outcome().validationMetrics()).get("accuracy"))
                .isGreaterThan(0.9);
        assertThat(course(search).leaderboard().get(0).score(Metric.LOG_LOSS))
                .isLessThanOrEqualTo(course(search).last(0).orElseThrow().score(Metric.LOG_LOSS));
    }

    @Test
    void trainsRegressionsOnAllRowsToTheBestEpoch() throws IOException {
        String id = create(LAYERS + ", \"task\": \"regression\"");

        Training search = search(id, "diabetes", "progression", 8, options(3, null, true));

        assertThat(search.state()).as(search.outcome().error()).isEqualTo(Training.State.SUCCEEDED);
        assertThat(models.get(id).epochs())
                .isEqualTo(Objects.requireNonNull(
                                course(search).leaderboard().get(0).bestEpoch())
                        .longValue());
        assertThat(search.outcome().validationMetrics()).containsKey("root_mean_squared_error");
    }

    @Test
    void searchesTheDefaultSpaceOfThePreset() throws IOException {
        String id = create("\"preset\": \"tabular\", \"seed\": 3");
        SearchOptions options =
                new SearchOptions(null, SearchStrategy.SUCCESSIVE_HALVING, null, null, null, null, null, null, true);
        int epochs = Integer.getInteger("search.test.epochs", 15); // of the 256 of the preset

        Training search = search(id, "breast_cancer", "diagnosis", epochs, options);

        assertThat(search.state()).as(search.outcome().error()).isEqualTo(Training.State.SUCCEEDED);
        SearchCourse course = course(search);
        assertThat(course.leaderboard()).hasSize(36);
        assertThat(course.results(3)).hasSize(3);
        assertThat(course.leaderboard().get(0).score(Metric.LOG_LOSS))
                .isLessThanOrEqualTo(course.last(0).orElseThrow().score(Metric.LOG_LOSS));
        assertThat(Objects.requireNonNull(search.outcome().validationMetrics()).get("accuracy"))
                .isGreaterThan(0.93);
    }
}
