package io.backprop.store;

import io.backprop.model.ModelDeleted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/** Gives the pages of deleted models back to the disk, a little at a time so that nobody waits for it. */
class SqliteSpace {

    private static final Logger log = LoggerFactory.getLogger(SqliteSpace.class);
    private static final long STEP_NANOS = 100_000_000;

    private final JdbcTemplate jdbc;
    private volatile boolean wanted = true; // a process may have died before it was done

    SqliteSpace(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @EventListener
    void want(ModelDeleted deleted) {
        wanted = true;
    }

    @Scheduled(fixedDelay = 1_000)
    void reclaim() {
        if (!wanted) {
            return;
        }
        wanted = false;
        try {
            wanted = !reclaimed();
        } catch (DataAccessException e) { // busy, or no room to work in
            log.debug("No space given back: {}", e.getMessage());
            wanted = true;
        }
    }

    private boolean reclaimed() {
        long end = System.nanoTime() + STEP_NANOS;
        while (hasFreePages()) {
            jdbc.update("pragma incremental_vacuum(1000)"); // as a query it would stop after the first page
            if (System.nanoTime() - end > 0) {
                return false;
            }
        }
        jdbc.queryForList("pragma wal_checkpoint(truncate)");
        return true;
    }

    private boolean hasFreePages() {
        return !Long.valueOf(0).equals(jdbc.queryForObject("pragma freelist_count", Long.class));
    }
}
