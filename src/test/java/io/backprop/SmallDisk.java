package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a test's own, which soon is full; only root may have one. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder = TestFolders.create();
    private final Path filler = folder.resolve("filler");

    private SmallDisk() {}

    /** The test is skipped where there can't be one. */
    public static SmallDisk mount(int megabytes) throws IOException {
        SmallDisk disk = new SmallDisk();
        String folder = disk.folder.toString();
        Requirement.program("mount");
        Requirement.met(
                "the right to mount a file system",
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

    /** To the last byte. */
    public void fill() {
        byte[] block = new byte[1024];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(folder.toFile().getUsableSpace()).isZero();
        }
    }

    public void makeRoom() throws IOException {
        Files.delete(filler);
    }

    @Override
    public void close() throws IOException {
        assertThat(run("umount", "--lazy", folder.toString())).isZero();
    }
}
