package io.backprop.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.backprop.model.ModelStore;
import io.backprop.training.TrainingStore;
import javax.sql.DataSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** All that is over a database. */
record TestStore(JdbcClient jdbc, ModelStore models, TrainingContents contents, TrainingStore trainings) {

    static TestStore of(DataSource database) {
        JdbcClient jdbc = JdbcClient.create(database);
        Transactions transactions = new Transactions(new JdbcTransactionManager(database));
        ModelStore models = new JdbcModelStore(jdbc, transactions, database);
        TrainingTasks tasks = new TrainingTasks(jdbc, new StaticListableBeanFactory().getBeanProvider(Scheduler.class));
        TrainingContents contents = new TrainingContents(jdbc, transactions, database);
        TrainingStore trainings = new JdbcTrainingStore(
                jdbc,
                transactions,
                tasks,
                contents,
                new TrainingReader(jdbc, transactions, contents, models),
                new TrainingWriter(jdbc, tasks, contents));
        return new TestStore(jdbc, models, contents, trainings);
    }

    int count(String rows) {
        return jdbc.sql("select count(*) from " + rows).query(Integer.class).single();
    }
}
