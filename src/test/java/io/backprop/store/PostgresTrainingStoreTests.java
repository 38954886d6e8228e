package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.model.StorageUnavailableException;
import io.backprop.training.LeasedTraining;
import io.backprop.training.Training;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PostgresTrainingStoreTests extends TrainingStoreContract {

    @SuppressWarnings("NullAway.Init")
    private DataSource database;

    @Override
    DataSource emptyDatabase() {
        database = TestDatabases.postgres();
        return database;
    }

    @Test
    void errorsOfTheDatabaseAreNoFailuresOfTheTraining() {
        LeasedTraining leased = leased();
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql("alter table blob_chunk rename to chunk").update();
        for (String error : new String[] {"40P01", "40001", "XX000", "XX001", "53200", "55000", "57P01", "58030"}) {
            jdbc.sql("""
                            create or replace function fail() returns boolean language plpgsql as
                            $$ begin raise exception 'for a test' using errcode = '%s'; end $$""".formatted(error)).update();
            jdbc.sql("create or replace view blob_chunk as select * from chunk where fail()")
                    .update();

            assertThatThrownBy(() -> lease(leased.training())).isInstanceOf(StorageUnavailableException.class);
        }
        jdbc.sql("create or replace view blob_chunk as select * from chunk").update();

        LeasedTraining again = lease(leased.training());
        StoredTrainings.assertSame(again.prepared().data(), leased.prepared().data());
        assertThat(again.attempts()).isEqualTo(2);
    }

    private LeasedTraining lease(Training training) {
        return TestStore.of(database).trainings().lease(training.id()).orElseThrow();
    }
}
