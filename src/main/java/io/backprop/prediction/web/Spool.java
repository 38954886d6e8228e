package io.backprop.prediction.web;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.backprop.limits.QuotaExceededException;
import io.backprop.limits.RequestLimits;
import io.backprop.security.PrivateFiles;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** The temporary files of all responses, whose size is limited. */
@Component
class Spool implements MeterBinder {
    /*
     * On Unix, a file that is opened to be deleted on close has no name from the beginning, so that none is left even if
     * the process is killed (SpooledOutputStreamTests).
     */

    private static final int SHARE_OF_DISK = 10; // a tenth

    private final SpoolProperties properties;
    private final RequestLimits limits;
    private final AtomicLong used = new AtomicLong(); // bytes

    Spool(SpoolProperties properties, RequestLimits limits) {
        this.properties = properties;
        this.limits = limits;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("backprop.spool.used", used, AtomicLong::get)
                .description("Disk space of responses that are being sent")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        Gauge.builder("backprop.spool.limit", properties, all -> all.size().toBytes())
                .description("Disk space that responses may take together")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }

    SpooledOutputStream open() {
        return new SpooledOutputStream(this, limits);
    }

    FileChannel create() throws IOException {
        Path path = properties.folder().resolve("backprop-" + UUID.randomUUID());
        return PrivateFiles.open(path, CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE);
    }

    /**
     * Counts bytes that are about to be written.
     *
     * @throws QuotaExceededException if the files would become too large
     */
    void acquire(long bytes) {
        if (used.addAndGet(bytes) > properties.size().toBytes()) {
            release(bytes);
            throw new QuotaExceededException(
                    "responses that are being sent may take at most %d bytes of the disk together (backprop.spool.size); try again later, or send fewer rows"
                            .formatted(properties.size().toBytes()));
        }
        File disk = properties.folder().toFile();
        long kept = Math.min(properties.free().toBytes(), disk.getTotalSpace() / SHARE_OF_DISK);
        if (disk.getUsableSpace() - bytes < kept) {
            release(bytes);
            throw new QuotaExceededException(
                    "responses that are being sent must leave %d bytes of the disk free (backprop.spool.free); try again later, or send fewer rows"
                            .formatted(kept));
        }
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    @Override
    public String toString() {
        return properties.folder().toString();
    }
}
