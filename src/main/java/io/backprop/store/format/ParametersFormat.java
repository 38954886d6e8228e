package io.backprop.store.format;

import io.backprop.driver.Floats;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The parameters of networks, as a stream in chunks: float32 each, in the order defined by {@code NetworkSpec}. */
public final class ParametersFormat {

    private static final Frame FRAME = new Frame("BPPARAMS", 1);

    private ParametersFormat() {}

    /**
     * Writes the parameters of all networks, one after the other.
     *
     * @param chunks receives each chunk in turn
     */
    public static void write(List<Network> networks, Consumer<byte[]> chunks) {
        ChunkedOutputStream stream = new ChunkedOutputStream(FRAME, chunks);
        try {
            for (Network network : networks) {
                Floats.write(stream, network.parameterVector());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e); // not thrown by chunks
        }
        stream.finish();
    }

    /** Reads as many networks of a specification, one chunk at a time. */
    public static List<Network> read(ChunkSource chunks, NetworkSpec spec, int count) {
        return ChunkReader.readAll(FRAME, chunks, in -> {
            List<Network> networks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                networks.add(Network.of(spec, Vector.wrap(Floats.read(in, spec.parameterCount()))));
            }
            return networks;
        });
    }
}
