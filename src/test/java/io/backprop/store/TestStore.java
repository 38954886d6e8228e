package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.backprop.model.ModelStore;
import io.backprop.training.ExternalTrainingStore;
import io.backprop.training.PartStore;
import io.backprop.training.TrainingStore;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** The stores over a database. */
record TestStore(
        JdbcClient jdbc,
        ModelStore models,
        BlobStore blobs,
        TrainingStore trainings,
        PartStore parts,
        ExternalTrainingStore external) {

    static TestStore of(DataSource database) {
        return of(database, Clock.systemUTC());
    }

    static TestStore of(DataSource database, Clock clock) {
        JdbcClient jdbc = JdbcClient.create(database);
        Transactions transactions = new Transactions(new DataSourceTransactionManager(database), database);
        TrainingQueue queue =
                new TrainingQueue(jdbc, clock, new StaticListableBeanFactory().getBeanProvider(Scheduler.class));
        BlobStore blobs = new BlobStore(jdbc, transactions, clock, database);
        JdbcModelStore models = new JdbcModelStore(jdbc, transactions, blobs, database);
        PartQueue partQueue =
                new PartQueue(jdbc, clock, new StaticListableBeanFactory().getBeanProvider(Scheduler.class));
        PartRows rows = new PartRows(jdbc, transactions, partQueue, blobs);
        JdbcTrainingStore trainings = new JdbcTrainingStore(jdbc, transactions, queue, rows, blobs, models, clock);
        PartStore parts = new JdbcPartStore(jdbc, transactions, rows, trainings, blobs, clock);
        ExternalTrainingStore external = new JdbcExternalTrainingStore(jdbc, transactions, blobs, trainings, clock);
        return new TestStore(jdbc, models, blobs, trainings, parts, external);
    }

    /** Returns the size of all chunks. */
    long bytes() {
        return jdbc.sql("select coalesce(sum(length(bytes)), 0) from blob_chunk")
                .query(Long.class)
                .single();
    }

    int count(String rows) {
        return jdbc.sql("select count(*) from " + rows).query(Integer.class).single();
    }
}
