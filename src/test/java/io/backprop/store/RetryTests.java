package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.backprop.Application;
import io.backprop.Await;
import io.backprop.HttpTestBase;
import io.backprop.Postgres;
import io.backprop.store.format.Checksum;
import io.backprop.training.TrainingStore;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Trainings of a service whose database and memory fail, and which shares the database with a newer version. */
@ExtendWith(OutputCaptureExtension.class)
class RetryTests extends HttpTestBase {

    private static final AtomicInteger OUT_OF_MEMORY = new AtomicInteger();

    /** Lets memory run out after a training was leased. */
    static class ScarceMemory implements BeanPostProcessor {

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof TrainingStore store ? scarce(store) : bean;
        }

        private static Object scarce(TrainingStore store) {
            ProxyFactory factory = new ProxyFactory(store);
            factory.setProxyTargetClass(true); // the store of parts uses more than the interface
            factory.addAdvice((MethodInterceptor) call -> {
                Object result = call.proceed();
                if (call.getMethod().getName().equals("lease") && OUT_OF_MEMORY.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("for a test");
                }
                return result;
            });
            return factory.getProxy();
        }
    }

    @Test
    void failuresOfOthersDoNotChangeTheResult(CapturedOutput output) {
        try (ConfigurableApplicationContext service = new SpringApplicationBuilder(
                        Application.class, ScarceMemory.class)
                .run(
                        "--server.port=0",
                        "--backprop.training.workers=1",
                        "--spring.datasource.url=" + Postgres.shared().newDatabase())) {
            port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            JdbcClient jdbc = service.getBean(JdbcClient.class);
            queueTrainingOfNewerVersion(service.getBean(Scheduler.class), jdbc);
            train("calm");

            OUT_OF_MEMORY.set(1);
            failOnce(jdbc, "new.lease > old.lease", "40P01");
            failOnce(jdbc, "new.state = 'SUCCEEDED'", "XX000");
            create("retried");
            start("retried");
            retryNow("retried", 2, jdbc);
            awaitSuccess("retried");

            assertThat(get("/models/retried/parameters").body())
                    .isEqualTo(get("/models/calm/parameters").body());
            assertThat(output).contains("is tried again in 1 s", "is tried again in 60 s", "is not stored yet");
            assertThat(json(get("/models/newer/trainings/1"), 200).path("state").asString())
                    .isEqualTo("queued");
            assertThat(output.toString().split("is left to a newer version", -1))
                    .hasSize(2);
        }
    }

    private void create(String id) {
        json(post("/models", """
            {"id": "%s", "hidden": [8], "task": "regression", "seed": 5}\
            """.formatted(id)), 201);
    }

    private void start(String id) {
        json(
                send(request("/models/" + id + "/train")
                        .header("Content-Type", "application/json")
                        .header("Prefer", "respond-async")
                        .POST(BodyPublishers.ofString("{\"inputs\": [[1],[2],[3]], \"targets\": [2,4,7]}"))),
                202);
    }

    private void train(String id) {
        create(id);
        start(id);
        awaitSuccess(id);
    }

    private void awaitSuccess(String id) {
        JsonNode ended = Await.until(
                () -> json(get("/models/" + id + "/trainings/1"), 200),
                training -> !training.path("finishedAt").isNull());
        assertThat(ended.path("state").asString()).isEqualTo("succeeded");
    }

    /** Does not wait until the training of a model is retried after so many failures. */
    private static void retryNow(String model, int failures, JdbcClient jdbc) {
        String sql = """
            update scheduled_tasks set execution_time = current_timestamp
            where task_instance = (select id from training where model_id = ?) and consecutive_failures = ?\
            """;
        Await.until(() -> jdbc.sql(sql).params(model, failures).update(), updated -> updated > 0);
    }

    private void queueTrainingOfNewerVersion(Scheduler scheduler, JdbcClient jdbc) {
        create("newer");
        scheduler.pause();
        start("newer");
        String document = jdbc.sql("select document from training")
                .query(String.class)
                .single()
                .replace("\"format\":1", "\"format\":2");
        jdbc.sql("update training set document = ?, checksum = ?")
                .params(document, Checksum.of(document))
                .update();
        scheduler.resume();
    }

    /** Lets the database raise an error the first time that a training is changed so. */
    private static void failOnce(JdbcClient jdbc, String change, String error) {
        jdbc.sql("create sequence failures" + error).update();
        jdbc.sql("""
            create function fail%1$s() returns trigger language plpgsql as $$ begin
              if %2$s and nextval('failures%1$s') <= 1 then
                raise exception 'for a test' using errcode = '%1$s';
              end if;
              return new;
            end $$\
            """.formatted(error, change)).update();
        jdbc.sql("create trigger fail%1$s before update on training for each row execute function fail%1$s()"
                        .formatted(error))
                .update();
    }
}
