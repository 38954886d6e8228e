package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Trainings whose process ends under way and is started again. How often it is killed tells the system property {@code
 * backprop.training.kills}, how often terminated {@code backprop.training.terminations}.
 */
class TrainingKillTests {

    private static final int KILLS = Integer.getInteger("backprop.training.kills", 3);
    private static final int TERMINATIONS = Integer.getInteger("backprop.training.terminations", 1);
    private static final int EPOCHS = 600;
    private static final String CHECKPOINTS = "-Dbackprop.training.checkpoint-interval=PT0.2S";

    private final Path store = TestFolders.create();

    private static String uninterrupted() throws Exception {
        try (ChildService service = ChildService.start()) {
            LongTraining training = new LongTraining("calm", EPOCHS);
            assertThat(training.begin(service, "wait=60").get().statusCode()).isEqualTo(200);
            return training.result(service);
        }
    }

    @Test
    void killedTrainingEndsWithTheBitsOfOneThatWasNot() throws Exception {
        String expected = uninterrupted();
        Random random = new Random();
        int trainings = 1;
        int resumed = 0;
        LongTraining training = new LongTraining("killed1", EPOCHS);
        boolean begun = false;
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildService service = ChildService.start(store, CHECKPOINTS)) {
                if (begun && training.isOver(service)) {
                    assertThat(training.result(service)).isEqualTo(expected);
                    trainings++;
                    training = new LongTraining("killed" + trainings, EPOCHS);
                    begun = false;
                }
                if (!begun) {
                    assertThat(training.begin(service, "respond-async").get().statusCode())
                            .isEqualTo(202);
                    begun = true;
                }
                Thread.sleep(random.nextInt(2_000));
                service.kill();
                resumed += goesOn(service) ? 1 : 0;
            }
        }
        try (ChildService service = ChildService.start(store, CHECKPOINTS)) {
            training.awaitEnd(service);
            assertThat(training.result(service)).isEqualTo(expected);
            resumed += goesOn(service) ? 1 : 0;
        }
        System.out.printf(
                "%d kills in %d trainings, which went on from a checkpoint %d times%n", KILLS, trainings, resumed);
    }

    private static boolean goesOn(ChildService service) {
        return service.output().matches("(?s).*goes on after epoch [1-9].*");
    }

    @Test
    void terminatedServiceAnswersWhoWaitsAndGoesOnAtTheNextStart() throws Exception {
        LongTraining training = new LongTraining("ended", EPOCHS);
        List<Long> millis = new ArrayList<>();
        int reached = 0;
        Path folder = store;
        for (int i = 0; i < TERMINATIONS; i++) {
            folder = TestFolders.create();
            try (ChildService service = ChildService.start(folder)) {
                CompletableFuture<HttpResponse<String>> answer = training.begin(service, "wait=60");
                training.awaitEpoch(service, 1);

                millis.add(service.terminate().toMillis());

                assertThat(answer.get().statusCode()).isEqualTo(202);
                reached =
                        LongTraining.json(answer.get()).path("epochsCompleted").asInt();
            }
        }
        Collections.sort(millis);
        System.out.printf("SIGTERM to exit: %s ms%n", millis);
        assertThat(millis).allMatch(end -> end < 20_000);
        try (ChildService service = ChildService.start(folder)) {
            training.awaitEnd(service);
            assertThat(service.output()).matches("(?s).*goes on after epoch [1-9].*");
            assertThat(training.training(service).path("epochsCompleted").asInt())
                    .isEqualTo(EPOCHS)
                    .isGreaterThanOrEqualTo(reached);
            assertThat(training.result(service)).isEqualTo(uninterrupted());
        }
    }
}
