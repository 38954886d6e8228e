package io.backprop.store.sqlite;

import io.backprop.model.ModelDeletedEvent;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Returns the pages of deleted data to the disk, in steps of 0.1 s so that writers need not wait long
 * (SqliteVacuumTests).
 */
class SqliteVacuum {

    private static final Logger log = LoggerFactory.getLogger(SqliteVacuum.class);
    private static final long STEP_NANOS = 100_000_000;

    private static final int MANY_PAGES = 1_000; // fewer will soon be reused

    private final JdbcTemplate jdbc;
    private final SqliteDataSource database;
    private volatile boolean requested = true; // a previous process may have stopped before it was done

    SqliteVacuum(JdbcTemplate jdbc, SqliteDataSource database) {
        this.jdbc = jdbc;
        this.database = database;
    }

    @EventListener
    void request(ModelDeletedEvent deleted) {
        requested = true;
    }

    @Scheduled(fixedDelay = 200)
    void run() {
        try {
            if (database.damage() == null && (requested || freePages() > MANY_PAGES)) {
                requested = false;
                requested = !vacuum();
            }
        } catch (DataAccessException e) { // busy, the disk is full, or the database is damaged
            if (NestedExceptionUtils.getMostSpecificCause(e) instanceof SQLException error
                    && SqliteDataSource.isDamage(error)) {
                database.reportDamage(String.valueOf(error.getMessage()));
            }
            log.debug("Vacuum is postponed: {}", e.getMessage());
            requested = true;
        }
    }

    private boolean vacuum() {
        long end = System.nanoTime() + STEP_NANOS;
        while (freePages() > 0) {
            jdbc.update("pragma incremental_vacuum(500)"); // as a query it would stop after the first page
            SqliteDataSource.letOthersWrite();
            if (System.nanoTime() - end > 0) {
                return false;
            }
        }
        jdbc.queryForList("pragma wal_checkpoint(passive)");
        return true;
    }

    private long freePages() {
        Long pages = jdbc.queryForObject("pragma freelist_count", Long.class);
        return pages == null ? 0 : pages;
    }
}
