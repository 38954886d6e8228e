package io.backprop.store.sqlite;

import io.backprop.security.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Makes this process the only user of a database. The operating system releases the lock if the process is killed. */
final class StoreLock implements AutoCloseable {
    /*
     * SQLite itself admits several processes, but each would serve its cached models after the other has changed them,
     * and would take over the other's running trainings (RestartTests). The lock has a file of its own: a process that
     * closes any descriptor of the database file releases SQLite's locks.
     */

    /** The previous process may still be shutting down. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private static final Duration POLLING_INTERVAL = Duration.ofMillis(50);

    private final FileChannel channel;

    private StoreLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a database.
     *
     * @throws StoreInUseException if another process has it
     */
    static StoreLock acquire(Path database) throws IOException {
        FileChannel channel = PrivateFiles.open(
                database.resolveSibling(database.getFileName() + "-lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        long start = System.nanoTime();
        while (!tryLock(channel)) {
            if (System.nanoTime() - start > MAX_WAIT.toNanos() || !pause()) {
                channel.close();
                throw new StoreInUseException(database);
            }
        }
        return new StoreLock(channel);
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) { // this process has it
            return false;
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(POLLING_INTERVAL.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
