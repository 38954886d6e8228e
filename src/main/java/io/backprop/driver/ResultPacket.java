package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.EpochReport;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The result of a training as a {@link Packet}, whose payload has the history and the parameters of the network.
 *
 * @param history of all completed epochs, also those before the training was resumed
 * @param parameters of the network to publish
 */
public record ResultPacket(TrainingResultReport report, List<EpochReport> history, Vector parameters) {

    public ResultPacket {
        history = List.copyOf(history);
        requireArgument(
                report.bestEpoch() <= history.size(),
                "bestEpoch must be at most the %d completed epochs, but was %d",
                history.size(),
                report.bestEpoch());
    }

    /** @param parameters number of parameters */
    record Header(TrainingResultReport report, EpochSeries epochs, int parameters) {

        long bytes() {
            return epochs.bytes() + (long) parameters * Float.BYTES;
        }
    }

    /**
     * Writes this packet. The stream is not closed.
     *
     * @param epochs number of planned epochs
     */
    public void write(OutputStream out, int epochs) throws IOException {
        EpochSeries series = EpochSeries.of(history, epochs);
        Header header = new Header(report, series, parameters.size());
        Packet.write(out, header, header.bytes(), payload -> {
            series.write(history, payload);
            Floats.write(payload, parameters);
        });
    }

    /**
     * Reads a result from an untrusted source.
     *
     * @param parameters number of parameters of the network
     * @param epochs number of planned epochs
     * @param memory called with the number of bytes of memory that it takes, before they are allocated
     * @throws Packet.MalformedException if it was truncated or altered
     * @throws InvalidArgumentException if it is not one of such a training, or its parameters are not finite
     */
    public static ResultPacket read(InputStream in, int parameters, int epochs, LongConsumer memory)
            throws IOException {
        return Packet.read(in, Header.class, (header, length, payload) -> {
            requireArgument(
                    header.parameters == parameters,
                    "parameters must be %d, but are %d",
                    parameters,
                    header.parameters);
            requireArgument(
                    header.epochs.planned() == epochs,
                    "planned must be %d, but was %d",
                    epochs,
                    header.epochs.planned());
            requireArgument(
                    header.bytes() == length, "the payload must have %d bytes, but has %d", header.bytes(), length);
            memory.accept(length + header.epochs.memory());
            List<EpochReport> history = header.epochs.read(payload);
            return new ResultPacket(
                    header.report, history, CheckpointPacket.readFinite("parameters", header.parameters, payload));
        });
    }

    /** The network to publish. */
    public Network network(NetworkSpec spec) {
        return Network.of(spec, parameters);
    }
}
