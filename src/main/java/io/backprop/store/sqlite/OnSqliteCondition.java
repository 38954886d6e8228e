package io.backprop.store.sqlite;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches unless {@code spring.datasource.url} names a database other than SQLite. */
final class OnSqliteCondition implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        String url = context.getEnvironment().getProperty("spring.datasource.url", "");
        return url.isBlank() || url.startsWith(SqliteDataSource.URL_PREFIX);
    }
}
