package io.backprop.store;

import io.backprop.store.sqlite.SqliteDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.File;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Metrics of what is stored. They are read from the database every few seconds rather than with each request for metrics,
 * and are not a number while it is unavailable.
 */
@Component
class StoreMetrics implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(StoreMetrics.class);
    private static final int PERIOD_MILLIS = 5_000;
    private static final String SAME_ON_ALL_REPLICAS = ". All replicas report the same";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final DataSource database;
    private volatile Figures figures = Figures.UNKNOWN;

    StoreMetrics(JdbcClient jdbc, Transactions transactions, DataSource database) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.database = database;
    }

    private record Figures(double models, double queued, double running, double bytes) {

        static final Figures UNKNOWN = new Figures(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge("backprop.models", "Models", Figures::models).register(registry);
        gauge("backprop.trainings", "Trainings that have not ended", Figures::queued)
                .tag("state", "queued")
                .register(registry);
        gauge("backprop.trainings", "Trainings that have not ended", Figures::running)
                .tag("state", "running")
                .register(registry);
        gauge("backprop.store.size", "Size of the database", Figures::bytes)
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        if (database instanceof SqliteDataSource file) {
            Gauge.builder("backprop.store.free", file.folder().toFile(), File::getUsableSpace)
                    .description("Free space of the disk of the database")
                    .baseUnit(BaseUnits.BYTES)
                    .register(registry);
            Gauge.builder("backprop.store.total", file.folder().toFile(), File::getTotalSpace)
                    .description("Size of the disk of the database")
                    .baseUnit(BaseUnits.BYTES)
                    .register(registry);
        }
    }

    private Gauge.Builder<StoreMetrics> gauge(String name, String description, ToDoubleFunction<Figures> value) {
        return Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.figures))
                .description(description + SAME_ON_ALL_REPLICAS);
    }

    @Scheduled(fixedDelay = PERIOD_MILLIS)
    void update() {
        try {
            figures = transactions.read(this::read);
        } catch (RuntimeException e) {
            log.debug("Metrics of the store can't be read", e);
            figures = Figures.UNKNOWN;
        }
    }

    private Figures read() {
        return new Figures(
                count("select count(*) from model"),
                count("select count(*) from training where state = 'QUEUED'"),
                count("select count(*) from training where state = 'RUNNING'"),
                database instanceof SqliteDataSource file
                        ? file.bytes()
                        : count("select pg_database_size(current_database())"));
    }

    private double count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }
}
