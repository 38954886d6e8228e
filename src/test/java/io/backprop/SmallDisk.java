package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A small file system in memory that a test can fill. Only root can mount one. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder = TestFolders.create();
    private final Path filler = folder.resolve("filler");

    private SmallDisk() {}

    /** Mounts a file system of the given size. Skips the test if that is not permitted. */
    public static SmallDisk mount(int megabytes) throws IOException {
        SmallDisk disk = new SmallDisk();
        String folder = disk.folder.toString();
        Requirement.program("mount");
        Requirement.met(
                "permission to mount a file system",
                run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder) == 0);
        return disk;
    }

    private static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public Path folder() {
        return folder;
    }

    /** Fills the file system to the last byte. */
    public void fill() {
        fill(StandardOpenOption.CREATE_NEW);
    }

    /** Fills what has become free since. */
    public void fillRest() {
        fill(StandardOpenOption.APPEND);
    }

    private void fill(StandardOpenOption option) {
        byte[] block = new byte[1024];
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.WRITE, option)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(folder.toFile().getUsableSpace()).isZero();
        }
    }

    public void deleteFiller() throws IOException {
        Files.delete(filler);
    }

    @Override
    public void close() throws IOException {
        assertThat(run("umount", "--lazy", folder.toString())).isZero();
    }
}
