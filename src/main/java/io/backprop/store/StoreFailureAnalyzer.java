package io.backprop.store;

import io.backprop.store.sqlite.SqliteDataSource;
import io.backprop.store.sqlite.StoreInUseException;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.util.StringUtils;

/** Explains in two sentences why the service cannot start with its database, instead of a stack trace. */
class StoreFailureAnalyzer implements FailureAnalyzer {

    private static final String OTHER_DATABASE =
            "set another folder in backprop.store.folder, or another database in spring.datasource.url.";

    private final Environment environment;

    StoreFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        if (NestedExceptionUtils.getMostSpecificCause(failure) instanceof SQLException e
                && SqliteDataSource.isDamage(e)) {
            return new FailureAnalysis(
                    "%s is damaged: %s".formatted(StringUtils.capitalize(database()), e.getMessage()),
                    "Restore a backup, as the README describes; or " + OTHER_DATABASE,
                    failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StoreInUseException) {
                return new FailureAnalysis(
                        "Cannot start: %s.".formatted(cause.getMessage()),
                        "Stop that process, or " + OTHER_DATABASE
                                + " Several replicas can share their models in a PostgreSQL database.",
                        failure);
            }
            if (cause instanceof FlywayValidateException) {
                return new FailureAnalysis(
                        "The schema of %s does not belong to this version of the service, and was not changed: %s"
                                .formatted(database(), cause.getMessage()),
                        "If another version of the service has used this database, start that version; or "
                                + OTHER_DATABASE,
                        failure);
            }
            if (cause instanceof FlywayException || cause instanceof DataAccessResourceFailureException) {
                return new FailureAnalysis(
                        "Cannot open %s: %s".formatted(database(), reason(cause)),
                        "Check that it exists, that this user may read and write it, and that the disk has room; or "
                                + OTHER_DATABASE,
                        failure);
            }
        }
        return null;
    }

    private String database() {
        String url = environment.getProperty("spring.datasource.url", "").replaceFirst("\\?.*", ""); // no password
        return url.isBlank()
                ? "the database in " + environment.getProperty("backprop.store.folder", "the default folder")
                : "the database " + url;
    }

    private static String reason(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        return root instanceof SQLException ? String.valueOf(root.getMessage()) : root.toString();
    }
}
