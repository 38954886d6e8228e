package io.backprop.store;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** SQLite it is, unless {@code spring.datasource.url} names another database. */
final class OnSqlite implements Condition {

    static final String URL = "spring.datasource.url";
    static final String PREFIX = "jdbc:sqlite:";

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        String url = context.getEnvironment().getProperty(URL, PREFIX);
        return url.isBlank() || url.startsWith(PREFIX);
    }
}
