package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A network as bytes, big-endian.
 *
 * <pre>
 * 8   name of the format, {@code BPNETWRK}
 * 4   version of the format, 1
 * 4   number of inputs
 * 4   number of layers
 *     each layer:
 *     4   units
 *         name of the activation
 *     4   dropout, float32
 *     name of the loss
 * 4m  its m parameters in the order of its record, float32 each
 * 4p  weights and biases in the order defined by {@link NetworkSpec}, float32 each
 * 4   CRC-32C of all preceding bytes
 * </pre>
 *
 * <p>A name has its length in one byte, and then as many characters in ASCII and lower case. All versions have the same
 * first two fields and checksum.
 */
final class NetworkFormat {

    private static final byte[] NAME = "BPNETWRK".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int CHECKSUM = Integer.BYTES;
    private static final int OVERHEAD = NAME.length + Integer.BYTES + CHECKSUM;
    private static final int SMALLEST_LAYER = Integer.BYTES + 1 + Float.BYTES;

    private NetworkFormat() {}

    /** @param parameters in the order defined by {@link NetworkSpec}. Not modified. */
    static byte[] write(NetworkSpec spec, float[] parameters) {
        long size = size(spec);
        requireArgument(
                size <= Integer.MAX_VALUE - 8,
                "a network must fit into an array of %d bytes, but takes %d",
                Integer.MAX_VALUE - 8,
                size);
        ByteBuffer out = ByteBuffer.allocate((int) size);
        out.put(NAME).putInt(VERSION).putInt(spec.inputs()).putInt(spec.layers().size());
        for (LayerSpec layer : spec.layers()) {
            out.putInt(layer.units());
            write(nameOf(layer.activation()), out);
            out.putFloat(layer.dropout());
        }
        write(spec.loss().name(), out);
        for (RecordComponent component : parametersOf(spec.loss())) {
            out.putFloat(valueOf(component, spec.loss()));
        }
        out.asFloatBuffer().put(parameters);
        byte[] bytes = out.array();
        return out.putInt(bytes.length - CHECKSUM, checksum(bytes)).array();
    }

    /** The length of a network in bytes. */
    static long size(NetworkSpec spec) {
        return OVERHEAD + sizeOf(spec) + (long) spec.parameterCount() * Float.BYTES;
    }

    private static int sizeOf(NetworkSpec spec) {
        int layers = spec.layers().stream()
                .mapToInt(layer -> SMALLEST_LAYER + nameOf(layer.activation()).length())
                .sum();
        int loss = 1 + spec.loss().name().length() + parametersOf(spec.loss()).length * Float.BYTES;
        return 2 * Integer.BYTES + layers + loss;
    }

    private static void write(String name, ByteBuffer out) {
        out.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
    }

    /** @param bytes Not modified. */
    static Network read(byte[] bytes) {
        ByteBuffer in = contentOf(bytes);
        try {
            NetworkSpec spec = readSpec(in);
            requireArgument(
                    in.remaining() == (long) spec.parameterCount() * Float.BYTES,
                    "bytes must hold the %d parameters of their layers, but %d bytes are left for them",
                    spec.parameterCount(),
                    in.remaining());
            float[] parameters = new float[spec.parameterCount()];
            in.asFloatBuffer().get(parameters);
            return Network.of(spec, Vector.wrap(parameters));
        } catch (BufferUnderflowException e) {
            throw new InvalidArgumentException("bytes must hold a complete network, but end within its specification");
        }
    }

    /** Returns what is between version and checksum, after checking both. */
    private static ByteBuffer contentOf(byte[] bytes) {
        requireArgument(
                bytes.length >= OVERHEAD && Arrays.equals(bytes, 0, NAME.length, NAME, 0, NAME.length),
                "bytes must be a network, which starts with %s, but %d other bytes were received",
                new String(NAME, StandardCharsets.US_ASCII),
                bytes.length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int end = bytes.length - CHECKSUM;
        requireArgument(
                buffer.getInt(end) == checksum(bytes),
                "bytes must have their checksum: they were truncated or altered");
        int version = buffer.getInt(NAME.length);
        requireArgument(
                version == VERSION,
                "bytes must have format version %d, the only one that this version of the engine reads, but have"
                        + " version %d",
                VERSION,
                version);
        return buffer.limit(end).position(NAME.length + Integer.BYTES);
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - CHECKSUM);
        return (int) checksum.getValue();
    }

    private static NetworkSpec readSpec(ByteBuffer in) {
        int inputs = in.getInt();
        int count = in.getInt();
        requireArgument(
                count >= 0 && count <= in.remaining() / SMALLEST_LAYER,
                "bytes must hold %d layers, but only %d bytes are left for them",
                count,
                in.remaining());
        List<LayerSpec> layers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int units = in.getInt();
            Activation activation =
                    named("activation", readName(in), Stream.of(Activation.values()), NetworkFormat::nameOf);
            layers.add(new LayerSpec(units, activation, in.getFloat()));
        }
        return new NetworkSpec(inputs, layers, readLoss(in));
    }

    private static Loss readLoss(ByteBuffer in) {
        Loss standard = named("loss", readName(in), Loss.all().stream(), Loss::name);
        RecordComponent[] components = parametersOf(standard);
        Object[] values = Stream.of(components).map(component -> in.getFloat()).toArray();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return standard.getClass().getConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw new InvalidArgumentException("bytes must hold a valid loss, but "
                    + requireNonNull(e.getCause()).getMessage());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e); // not thrown: a record has a canonical constructor
        }
    }

    private static String readName(ByteBuffer in) {
        int length = Byte.toUnsignedInt(in.get());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] name = new byte[length];
        in.get(name);
        return new String(name, StandardCharsets.US_ASCII);
    }

    private static <T> T named(String what, String name, Stream<T> candidates, Function<T, String> nameOf) {
        return candidates
                .filter(candidate -> nameOf.apply(candidate).equals(name))
                .findAny()
                .orElseThrow(() -> new InvalidArgumentException(
                        "bytes must hold a known %s, but hold \"%s\"".formatted(what, name)));
    }

    private static String nameOf(Activation activation) {
        return activation.name().toLowerCase(Locale.ROOT);
    }

    /** The parameters of a loss are the components of its record, all of them floats. */
    private static RecordComponent[] parametersOf(Loss loss) {
        return loss.getClass().getRecordComponents();
    }

    private static float valueOf(RecordComponent component, Loss loss) {
        try {
            return (float) component.getAccessor().invoke(loss);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e); // not thrown: accessors are public
        }
    }
}
