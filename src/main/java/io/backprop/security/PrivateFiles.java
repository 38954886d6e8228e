package io.backprop.security;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates files and folders that no other user of the machine can read, from the moment they exist. Where the file system has
 * no such permissions, they are created without.
 */
public final class PrivateFiles {

    private static final Logger log = LoggerFactory.getLogger(PrivateFiles.class);
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private PrivateFiles() {}

    /**
     * Creates a folder with those above it. An existing folder becomes private if it is empty, such as a new volume; one with
     * other content may have other users, and its permissions remain.
     */
    public static void createFolder(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath();
        if (Files.notExists(absolute)) {
            Files.createDirectories(Objects.requireNonNullElse(absolute.getParent(), absolute));
            try {
                Files.createDirectory(absolute, attributes(absolute, FOLDER));
            } catch (FileAlreadyExistsException e) {
                Files.createDirectories(absolute); // another process has created it
            }
        } else {
            Files.createDirectories(absolute); // fails if it is a file
            if (isEmpty(absolute)) {
                restrict(absolute, FOLDER);
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.findAny().isEmpty();
        }
    }

    /** Creates an empty file, or restricts the permissions of an existing one. */
    public static void createFile(Path file) throws IOException {
        if (Files.notExists(file)) {
            Files.createFile(file, attributes(file, FILE));
        }
        restrict(file, FILE);
    }

    /** Opens a file; if it is created, it is private. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), attributes(file, FILE));
    }

    /** Replaces a file. Its previous content remains until the new one is complete. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Path part = Files.createTempFile(folder, file.getFileName().toString(), ".part", attributes(file, FILE));
        try (FileChannel channel = open(part, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static void restrict(Path path, Set<PosixFilePermission> permissions) {
        try {
            if (isPosix(path) && !permissions.containsAll(Files.getPosixFilePermissions(path))) {
                Files.setPosixFilePermissions(path, permissions);
            }
        } catch (IOException e) { // it belongs to another user, or the file system has no permissions
            log.warn("Other users of this machine may be able to read {}: {}", path, e.toString());
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
