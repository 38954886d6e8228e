package io.backprop.store;

import io.backprop.model.BackupNotSupportedException;
import io.backprop.store.sqlite.SqliteBackup;
import io.backprop.store.sqlite.SqliteBackup.Backup;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.stereotype.Component;

/** {@code POST /actuator/backup} writes a backup of a SQLite database. */
@Component
@Endpoint(id = "backup")
class BackupEndpoint {

    private final ObjectProvider<SqliteBackup> sqlite;

    BackupEndpoint(ObjectProvider<SqliteBackup> sqlite) {
        this.sqlite = sqlite;
    }

    @WriteOperation
    BackupResponse write() {
        Backup backup = sqlite.getIfAvailable(() -> {
                    throw new BackupNotSupportedException();
                })
                .write();
        return new BackupResponse(backup.file().toString(), backup.bytes());
    }

    record BackupResponse(String file, long bytes) {}
}
