package io.backprop.store;

import io.backprop.model.ModelDeletedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Gives the pages of deleted models, and of the data of trainings that are over, back to the disk, a little at a time so
 * that nobody waits for it.
 */
class SqliteSpace {

    private static final Logger log = LoggerFactory.getLogger(SqliteSpace.class);
    private static final long STEP_NANOS = 100_000_000;

    private static final int MANY_PAGES = 1_000; // fewer are used again before long

    private final JdbcTemplate jdbc;
    private volatile boolean wanted = true; // a process may have died before it was done

    SqliteSpace(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @EventListener
    void want(ModelDeletedEvent deleted) {
        wanted = true;
    }

    @Scheduled(fixedDelay = 200)
    void reclaim() {
        try {
            if (wanted || freePages() > MANY_PAGES) {
                wanted = false;
                wanted = !reclaimed();
            }
        } catch (DataAccessException e) { // busy, or no room to work in
            log.debug("No space given back: {}", e.getMessage());
            wanted = true;
        }
    }

    private boolean reclaimed() {
        long end = System.nanoTime() + STEP_NANOS;
        while (freePages() > 0) {
            jdbc.update("pragma incremental_vacuum(1000)"); // as a query it would stop after the first page
            if (System.nanoTime() - end > 0) {
                return false;
            }
        }
        jdbc.queryForList("pragma wal_checkpoint(truncate)");
        return true;
    }

    private long freePages() {
        Long pages = jdbc.queryForObject("pragma freelist_count", Long.class);
        return pages == null ? 0 : pages;
    }
}
