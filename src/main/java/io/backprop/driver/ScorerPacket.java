package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Ensemble;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Network;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.TableScorer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TableScorer} as a {@link Packet}: all that is needed to predict for tables as a version of a model does. The
 * payload has the bytes of each network.
 */
public final class ScorerPacket {

    private static final int MAX_NETWORKS = 1 << 10; // more than any ensemble has

    private ScorerPacket() {}

    /**
     * @param classes null for a regression
     * @param temperature of the probabilities; 1 without calibration
     * @param networks number of networks
     * @param networkBytes length of each
     */
    record Header(
            Preprocessing.Columns preprocessing,
            @Nullable ClassEncoding classes,
            double temperature,
            int networks,
            int networkBytes) {

        Header {
            requireArgument(
                    networks >= 1 && networks <= MAX_NETWORKS,
                    "networks must be 1 to %d, but are %d",
                    MAX_NETWORKS,
                    networks);
            requireArgument(networkBytes >= 0, "networkBytes must be at least 0, but was %d", networkBytes);
        }

        long bytes() {
            return (long) networks * networkBytes;
        }
    }

    /**
     * Writes a scorer, which predicts the most probable class when it is read.
     *
     * @param out is opened once the length of the packet is known, and not closed
     */
    public static void write(TableScorer scorer, OutputStreamOfLength out) throws IOException {
        Ensemble ensemble = scorer.ensemble();
        byte[] first = ensemble.networks().get(0).toBytes();
        Header header = new Header(
                scorer.columns(),
                scorer.encoding(),
                ensemble.temperature(),
                ensemble.networks().size(),
                first.length);
        Packet.write(out.open(Packet.length(header, header.bytes())), header, header.bytes(), payload -> {
            payload.write(first);
            for (Network network :
                    ensemble.networks().subList(1, ensemble.networks().size())) {
                payload.write(network.toBytes());
            }
        });
    }

    /** Opens a stream for a number of bytes. */
    @FunctionalInterface
    public interface OutputStreamOfLength {
        OutputStream open(long length) throws IOException;
    }

    /**
     * Reads a scorer.
     *
     * @param in may come from an untrusted source
     * @throws Packet.MalformedException if it was truncated or altered
     * @throws InvalidArgumentException if its parts do not fit together
     */
    public static TableScorer read(InputStream in) throws IOException {
        return Packet.read(in, Header.class, (header, length, payload) -> {
            requireArgument(
                    header.bytes() == length, "the payload must have %d bytes, but has %d", header.bytes(), length);
            List<Network> networks = new ArrayList<>();
            for (int i = 0; i < header.networks; i++) {
                networks.add(Network.from(readFully(payload, header.networkBytes)));
            }
            Ensemble ensemble = Ensemble.of(networks).withTemperature(header.temperature);
            return new TableScorer(header.preprocessing, header.classes, ensemble, null);
        });
    }

    private static byte[] readFully(DataInputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length); // grows with what is received
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }
}
