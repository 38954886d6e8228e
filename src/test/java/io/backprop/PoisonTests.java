package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/** Trainings whose process is killed each time; only with {@code -Dtest.load=full}, see TrainingStoreContract else. */
@EnabledIfSystemProperty(named = "test.load", matches = "full")
class PoisonTests {

    @Test
    void trainingThatKillsEveryProcessFailsAndOthersAreTrained() throws Exception {
        Path store = TestFolders.create();
        LongTraining poison = new LongTraining("poison", 1_000_000);
        LongTraining other = new LongTraining("other", 30);
        int kills = 0;
        ChildService service = start(store);
        try {
            poison.start(service);
            other.start(service);
            while (kills < 5) {
                ChildService current = service;
                Await.until(() -> current.output().matches("(?s).*Training (started|resumed): model=poison .*"));
                service.kill();
                kills++;
                service = start(store);
            }
            poison.awaitEnd(service);
            other.awaitEnd(service);

            JsonNode failed = poison.training(service);
            assertThat(failed.path("state").asString()).isEqualTo("failed");
            assertThat(failed.path("error").asString()).contains("5 attempts");
            assertThat(other.training(service).path("state").asString()).isEqualTo("succeeded");
            System.out.println("Poison: failed after 5 kills: " + failed.path("error"));
        } finally {
            service.close();
        }
    }

    @Test
    void trainingWhoseProcessIsOftenKilledIsResumed() throws Exception {
        Path store = TestFolders.create();
        LongTraining training = new LongTraining("innocent", 1_000_000);
        ChildService service = start(store); // the interval between checkpoints is 10 s
        try {
            training.start(service);
            for (int kill = 0; kill < 10; kill++) {
                ChildService current = service;
                Await.until(() -> current.output().contains("model=innocent"));
                TimeUnit.MILLISECONDS.sleep(2_500);
                service.kill();
                service = start(store);
            }
            ChildService last = service;
            Await.until(
                    () -> last.output().matches("(?s).*Training resumed: model=innocent .* epochsCompleted=[1-9].*"));
            training.cancel(service);
        } finally {
            service.close();
        }
    }

    private static ChildService start(Path store) throws Exception {
        return ChildService.start(store, "-Dbackprop.training.workers=1");
    }
}
