package io.backprop.store;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Arrays;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.stereotype.Component;

/** Brings the schema up to date, unless a newer version of the service has been at it. */
@Component
class StoreMigration implements FlywayMigrationStrategy {

    private static final Set<MigrationState> NEWER =
            Set.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

    @Override
    public void migrate(Flyway flyway) {
        try {
            refuseNewer(flyway);
            flyway.migrate();
        } catch (FlywayException e) {
            throw StoreUnusableException.of(placeOf(flyway), e);
        }
    }

    private static void refuseNewer(Flyway flyway) {
        Arrays.stream(flyway.info().applied())
                .filter(migration -> NEWER.contains(migration.getState()))
                .map(MigrationInfo::getVersion)
                .findFirst()
                .ifPresent(version -> {
                    throw StoreUnusableException.newer(placeOf(flyway), version.getVersion());
                });
    }

    private static String placeOf(Flyway flyway) {
        DataSource source = flyway.getConfiguration().getDataSource();
        return source instanceof HikariDataSource pool // whose URL may have a password
                ? "the database " + String.valueOf(pool.getJdbcUrl()).replaceFirst("\\?.*", "")
                : source.toString();
    }
}
