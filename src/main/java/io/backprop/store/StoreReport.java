package io.backprop.store;

import io.backprop.store.sqlite.SqliteDataSource;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Logs after the start where data is kept, without the parameters of a URL, which may include a password. */
@Component
class StoreReport {

    private static final Logger log = LoggerFactory.getLogger(StoreReport.class);

    private final String location;

    StoreReport(DataSource database, @Value("${spring.datasource.url:}") String url) {
        location = database instanceof SqliteDataSource file ? file.folder().toString() : url.replaceFirst("\\?.*", "");
    }

    @Order(2)
    @EventListener(ApplicationReadyEvent.class)
    void logLocation() {
        log.info("Models and trainings are kept in {}", location);
    }
}
