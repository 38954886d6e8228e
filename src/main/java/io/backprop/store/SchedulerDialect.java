package io.backprop.store;

import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How db-scheduler speaks to our databases: times are numbers, and what is due is taken in one transaction. */
final class SchedulerDialect extends DefaultJdbcCustomization {

    private final boolean oneWriter;

    /**
     * Of a database.
     *
     * @param oneWriter whether a transaction has the whole database to itself, and rows need no locks
     */
    SchedulerDialect(boolean oneWriter) {
        super(false);
        this.oneWriter = oneWriter;
    }

    @Override
    public String getName() {
        return "backprop";
    }

    @Override
    public void setInstant(PreparedStatement statement, int index, @Nullable Instant time) throws SQLException {
        if (time == null) {
            statement.setNull(index, Types.BIGINT);
        } else {
            statement.setLong(index, Micros.of(time));
        }
    }

    @Override
    @SuppressWarnings("NullAway") // the class above is not annotated
    public Instant getInstant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Micros.toInstant(micros);
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
                + " order by execution_time, task_instance limit " + limit
                + (oneWriter ? "" : " for update skip locked");
    }
}
