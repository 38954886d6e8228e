package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.EpochReport;
import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.TrainingState;
import io.backprop.engine.Vector;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A checkpoint as a {@link Packet}, whose payload has the history, the parameters, the state of the optimizer and the best
 * parameters.
 *
 * @param history of all completed epochs, also those before the training was resumed
 */
public record CheckpointPacket(TrainingState state, List<EpochReport> history) {

    /** Values of the state of an optimizer for each parameter, and those of a front scale; more than any needs. */
    private static final int MAX_STATE_PER_PARAMETER = 8;

    private static final int MAX_FURTHER_STATE = 1 << 10;

    public CheckpointPacket {
        history = List.copyOf(history);
        requireArgument(
                history.size() == state.progress().epoch(),
                "history must have the %d completed epochs, but has %d",
                state.progress().epoch(),
                history.size());
        requireArgument(
                state.progress().step() >= 0,
                "step must be at least 0, but was %d",
                state.progress().step());
        int bestEpoch = state.progress().bestEpoch();
        requireArgument(
                bestEpoch >= 0 && bestEpoch <= history.size(),
                "bestEpoch must be at least 0 and at most the %d completed epochs, but was %d",
                history.size(),
                bestEpoch);
    }

    /** @param parameters, optimizerState, bestParameters number of values of each */
    record Header(
            TrainingState.Progress progress,
            EpochSeries epochs,
            int parameters,
            int optimizerState,
            int bestParameters) {

        long bytes() {
            return epochs.bytes() + ((long) parameters + optimizerState + bestParameters) * Float.BYTES;
        }
    }

    /**
     * Writes this packet. The stream is not closed.
     *
     * @param epochs number of planned epochs
     */
    public void write(OutputStream out, int epochs) throws IOException {
        EpochSeries series = EpochSeries.of(history, epochs);
        Header header = new Header(
                state.progress(),
                series,
                state.parameters().size(),
                state.optimizerState().size(),
                state.bestParameters().size());
        Packet.write(out, header, header.bytes(), payload -> {
            series.write(history, payload);
            Floats.write(payload, state.parameters());
            Floats.write(payload, state.optimizerState());
            Floats.write(payload, state.bestParameters());
        });
    }

    /**
     * Reads a checkpoint from an untrusted source.
     *
     * @param parameters number of parameters of the network
     * @param epochs number of planned epochs
     * @throws Packet.MalformedException if it was truncated or altered
     * @throws InvalidArgumentException if it is not one of such a training, or its parameters are not finite
     */
    public static CheckpointPacket read(InputStream in, int parameters, int epochs) throws IOException {
        return read(in, parameters, epochs, bytes -> {});
    }

    /**
     * Reads a checkpoint as {@link #read(InputStream, int, int)}.
     *
     * @param memory called with the number of bytes of memory that it takes, before they are allocated
     */
    public static CheckpointPacket read(InputStream in, int parameters, int epochs, LongConsumer memory)
            throws IOException {
        return Packet.read(in, Header.class, (header, length, payload) -> {
            requireFit(header, length, parameters, epochs);
            memory.accept(length + header.epochs.memory());
            List<EpochReport> history = header.epochs.read(payload);
            Vector current = readFinite("parameters", header.parameters, payload);
            Vector optimizerState = Vector.wrap(Floats.read(payload, header.optimizerState));
            Vector best = readFinite("bestParameters", header.bestParameters, payload);
            return new CheckpointPacket(new TrainingState(header.progress, current, optimizerState, best), history);
        });
    }

    private static void requireFit(Header header, long length, int parameters, int epochs) {
        requireArgument(
                header.parameters == parameters, "parameters must be %d, but are %d", parameters, header.parameters);
        requireArgument(
                header.bestParameters == 0 || header.bestParameters == parameters,
                "bestParameters must be 0 or %d, but are %d",
                parameters,
                header.bestParameters);
        long mostState = (long) MAX_STATE_PER_PARAMETER * parameters + MAX_FURTHER_STATE;
        requireArgument(
                header.optimizerState >= 0 && header.optimizerState <= mostState,
                "optimizerState must be at least 0 and at most %d values, but has %d",
                mostState,
                header.optimizerState);
        requireArgument(
                header.epochs.planned() == epochs, "planned must be %d, but was %d", epochs, header.epochs.planned());
        requireArgument(header.bytes() == length, "the payload must have %d bytes, but has %d", header.bytes(), length);
    }

    /** Reads parameters, which must be finite. */
    static Vector readFinite(String name, int count, DataInputStream in) throws IOException {
        float[] values = Floats.read(in, count);
        for (int i = 0; i < count; i++) {
            requireArgument(Float.isFinite(values[i]), "%s must be finite, but %d is %s", name, i, values[i]);
        }
        return Vector.wrap(values);
    }
}
