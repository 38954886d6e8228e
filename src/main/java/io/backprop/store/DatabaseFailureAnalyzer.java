package io.backprop.store;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/** Tells in two sentences which database can't be reached at the start, instead of a stack trace. */
class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<CannotGetJdbcConnectionException> {

    private final Environment environment;

    DatabaseFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CannotGetJdbcConnectionException cause) {
        String url = environment.getProperty(OnSqlite.URL, "").replaceFirst("\\?.*", ""); // there may be a password
        StoreUnusableException told = StoreUnusableException.of("the database " + url, cause);
        return new FailureAnalysis(told.getMessage(), told.action(), cause);
    }
}
