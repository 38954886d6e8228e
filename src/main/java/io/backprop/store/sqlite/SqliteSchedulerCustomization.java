package io.backprop.store.sqlite;

import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;

/**
 * The SQL dialect of SQLite for db-scheduler, which has none: {@code limit} instead of {@code fetch first}, and no row
 * locks, because a writing transaction locks the whole database.
 */
public final class SqliteSchedulerCustomization extends DefaultJdbcCustomization {

    public SqliteSchedulerCustomization() {
        super(false);
    }

    @Override
    public String getName() {
        return "SQLite";
    }

    @Override
    public String getQueryLimitPart(int limit) {
        return " limit " + limit;
    }

    @Override
    public boolean supportsGenericLockAndFetch() {
        return true;
    }

    @Override
    public String createGenericSelectForUpdateQuery(
            String table, int limit, String condition, boolean orderByPriority) {
        return "select * from " + table + " where picked = ? and execution_time <= ? " + condition
                + " order by priority desc, execution_time, task_instance limit " + limit;
    }
}
