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
 * Trainings whose process ends under way and is started again. How many are killed tells the system property {@code
 * backprop.training.kills}, how many terminated {@code backprop.training.terminations}.
 */
class TrainingKillTests {

    private static final int TRAININGS = Integer.getInteger("backprop.training.kills", 2);
    private static final int TERMINATIONS = Integer.getInteger("backprop.training.terminations", 1);
    private static final int EPOCHS = 600;
    private static final String CHECKPOINTS = "-Dbackprop.training.checkpoint-interval=PT0.2S";

    private final Path store = TestFolders.create();

    @Test
    void killedTrainingsEndWithTheBitsOfOneThatWasNot() throws Exception {
        Random random = new Random();
        List<String> results = new ArrayList<>();
        int kills = 0;
        int resumed = 0;
        ChildService service = ChildService.start(store, CHECKPOINTS);
        try {
            while (results.size() < TRAININGS) {
                LongTraining training = new LongTraining("killed" + results.size(), EPOCHS);
                training.begin(service);
                int epoch = 0;
                do { // a quarter of them more than once
                    epoch += 1 + random.nextInt(EPOCHS / 2);
                    training.awaitEpoch(service, epoch);
                    service.kill();
                    kills++;
                    service = ChildService.start(store, CHECKPOINTS);
                } while (epoch < EPOCHS / 2 && random.nextInt(4) == 0);
                training.awaitEnd(service);
                resumed += goesOn(service) ? 1 : 0;
                results.add(training.result(service));
            }
            assertThat(results).containsOnly(uninterrupted(service));
        } finally {
            service.close();
        }
        System.out.printf(
                "%d trainings, killed %d times, all with the same bits; %d went on from a checkpoint%n",
                TRAININGS, kills, resumed);
    }

    private static String uninterrupted(ChildService service) throws Exception {
        LongTraining training = new LongTraining("calm", EPOCHS);
        training.begin(service);
        training.awaitEnd(service);
        return training.result(service);
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
            assertThat(goesOn(service)).isTrue();
            assertThat(training.training(service).path("epochsCompleted").asInt())
                    .isEqualTo(EPOCHS)
                    .isGreaterThanOrEqualTo(reached);
            assertThat(training.result(service)).isEqualTo(uninterrupted(service));
        }
    }
}
