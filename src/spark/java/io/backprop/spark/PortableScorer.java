package io.backprop.spark;

import io.backprop.driver.ScorerPacket;
import io.backprop.tabular.TableScorer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A scorer as bytes, which Spark sends to its executors. Each of them reads it once, for all of its tasks. */
final class PortableScorer implements Serializable {

    private static final long serialVersionUID = 1;

    private final byte[] packet;
    private transient @Nullable TableScorer scorer;

    /**
     * Creates a scorer from a {@link ScorerPacket}.
     *
     * @param packet may come from an untrusted source. Not modified.
     */
    PortableScorer(byte[] packet) {
        this.packet = packet.clone();
        scorer();
    }

    PortableScorer(TableScorer scorer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ScorerPacket.write(scorer, length -> bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never thrown by an array
        }
        this.packet = bytes.toByteArray();
        this.scorer = scorer;
    }

    synchronized TableScorer scorer() {
        if (scorer == null) {
            try {
                scorer = ScorerPacket.read(new ByteArrayInputStream(packet));
            } catch (IOException e) {
                throw new UncheckedIOException(e); // never thrown by an array
            }
        }
        return scorer;
    }

    /** Identifies the networks and their preprocessing: the SHA-256 of the packet in hexadecimal. */
    String fingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(packet));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /** A copy of the {@link ScorerPacket}. */
    byte[] packet() {
        return packet.clone();
    }
}
