package io.backprop.store;

import io.backprop.security.GeneratedKeyStore;
import io.backprop.store.sqlite.SqliteDataSource;
import io.backprop.store.sqlite.SqliteProperties;
import java.nio.file.Path;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps the generated key in PostgreSQL, because replicas may share no folder. With SQLite, the file is enough. */
@Component
class JdbcGeneratedKeyStore implements GeneratedKeyStore {

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final boolean isShared;
    private final Path folder;

    JdbcGeneratedKeyStore(
            JdbcClient jdbc, Transactions transactions, DataSource database, SqliteProperties properties) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.isShared = !(database instanceof SqliteDataSource);
        this.folder = database instanceof SqliteDataSource sqlite ? sqlite.folder() : properties.folder();
    }

    @Override
    public String putIfAbsent(String secret) {
        if (!isShared) {
            return secret;
        }
        return transactions.read(this::find).orElseGet(() -> {
            transactions.write(
                    "generated key",
                    () -> jdbc.sql("insert into generated_key (id, secret) values (1, ?) on conflict do nothing")
                            .param(secret)
                            .update());
            return transactions.read(this::find).orElseThrow();
        });
    }

    private Optional<String> find() {
        return jdbc.sql("select secret from generated_key").query(String.class).optional();
    }

    @Override
    public Path folder() {
        return folder;
    }
}
