package io.backprop.store;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class PostgresTrainingStoreTests extends TrainingStoreContract {

    @Override
    DataSource emptyDatabase() {
        return TestDatabases.postgres();
    }

    @Test
    void idempotencyKeyIdentifiesOneTraining() {
        IdempotencyKeys.assertIdentifyOneTraining(store(), leased());
    }
}
