package io.backprop.interchange.web;

import static io.backprop.interchange.ModelFileException.require;
import static java.util.Objects.requireNonNull;

import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerParameters;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.Vector;
import io.backprop.interchange.ModelFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The parameters of networks as a file of the format safetensors.
 *
 * <pre>
 * 0  8  length n of the header
 * 8  n  JSON: for each tensor its dtype, its shape, and data_offsets, its begin and end in the content
 * +     content: the tensors one after the other, float32
 * </pre>
 *
 * <p>All numbers are little-endian. Layer j of network i has the tensors {@code networks.i.layers.j.weights}, units ×
 * inputs, and {@code networks.i.layers.j.biases}. Source: huggingface.co/docs/safetensors.
 */
final class Safetensors {
    /*
     * A file that is read may come from an untrusted source. The specification of the networks is known before, so that its
     * length and that of its header are limited, and each tensor has one place in the content.
     */

    private static final String FLOAT32 = "F32";
    private static final String METADATA = "__metadata__"; // of any writer
    private static final int ALIGNMENT = 8;
    private static final int MAX_HEADER_PER_TENSOR = 256; // bytes; offsets and shape have at most 60 digits
    private static final int MAX_METADATA = 1 << 16;
    private static final int BLOCK = 1 << 16;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Map<String, Tensor> tensors;
    private final long contentLength;

    private Safetensors(Map<String, Tensor> tensors) {
        this.tensors = tensors;
        this.contentLength = tensors.values().stream().mapToLong(Tensor::bytes).sum();
    }

    /**
     * The place of a tensor.
     *
     * @param inputs null for biases
     */
    private record Tensor(
            int network, int layer, int units, @Nullable Integer inputs) {

        String name() {
            return "networks.%d.layers.%d.%s".formatted(network, layer, inputs == null ? "biases" : "weights");
        }

        List<Integer> shape() {
            return inputs == null ? List.of(units) : List.of(units, inputs);
        }

        int size() {
            return inputs == null ? units : units * inputs;
        }

        long bytes() {
            return (long) size() * Float.BYTES;
        }
    }

    /**
     * The file of as many networks.
     *
     * @param spec null for no network
     */
    static Safetensors of(@Nullable NetworkSpec spec, int networks) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int network = 0; spec != null && network < networks; network++) {
            for (int layer = 0; layer < spec.layers().size(); layer++) {
                int units = spec.layers().get(layer).units();
                List.of(
                                new Tensor(network, layer, units, spec.inputsOf(layer)),
                                new Tensor(network, layer, units, null))
                        .forEach(tensor -> tensors.put(tensor.name(), tensor));
            }
        }
        return new Safetensors(tensors);
    }

    /** The header with its length. */
    byte[] header() {
        Map<String, Object> described = new LinkedHashMap<>();
        long begin = 0;
        for (Tensor tensor : tensors.values()) {
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("dtype", FLOAT32);
            description.put("shape", tensor.shape());
            description.put("data_offsets", List.of(begin, begin + tensor.bytes()));
            described.put(tensor.name(), description);
            begin += tensor.bytes();
        }
        byte[] json = MAPPER.writeValueAsBytes(described);
        int padding = Math.floorMod(-json.length, ALIGNMENT);
        return ByteBuffer.allocate(Long.BYTES + json.length + padding)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length + padding)
                .put(json)
                .put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** The length of the content. */
    long contentLength() {
        return contentLength;
    }

    /** The largest file that is read. */
    long maxLength() {
        return Long.BYTES + maxHeader() + contentLength;
    }

    private long maxHeader() {
        return MAX_METADATA + (long) MAX_HEADER_PER_TENSOR * tensors.size();
    }

    /** Writes the content. */
    void writeContent(Ensemble ensemble, OutputStream out) throws IOException {
        for (Tensor tensor : tensors.values()) {
            Network network = ensemble.networks().get(tensor.network);
            if (tensor.inputs == null) {
                write(network.biases(tensor.layer), out);
            } else {
                for (int unit = 0; unit < tensor.units; unit++) {
                    write(network.weights(tensor.layer, unit), out);
                }
            }
        }
    }

    private static void write(Vector values, OutputStream out) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.size(); i++) {
            bytes.putFloat(values.get(i));
        }
        out.write(bytes.array());
    }

    /**
     * Reads a file, to the end of the stream.
     *
     * @param name of the file, for messages
     * @param length of the file
     */
    List<Network> read(InputStream in, String name, long length, @Nullable NetworkSpec spec) throws IOException {
        byte[] prefix = in.readNBytes(Long.BYTES);
        long headerLength = prefix.length < Long.BYTES
                ? -1
                : ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        require(
                headerLength >= 0 && headerLength <= Math.min(maxHeader(), length - Long.BYTES),
                "%s must begin with the length of a header of at most %d bytes",
                name,
                maxHeader());
        List<Tensor> ordered = order(name, in.readNBytes((int) headerLength));
        require(
                Long.BYTES + headerLength + contentLength == length,
                "%s must have %d bytes after its header, 4 for each parameter, but has %d",
                name,
                contentLength,
                length - Long.BYTES - headerLength);
        Map<Tensor, float[]> values = new LinkedHashMap<>();
        for (Tensor tensor : ordered) {
            values.put(tensor, read(in, tensor));
        }
        return spec == null ? List.of() : networks(spec, values);
    }

    /** The tensors in the order in which the file has them. */
    private List<Tensor> order(String name, byte[] header) {
        Map<Long, Tensor> byBegin = new TreeMap<>();
        Set<String> missing = new LinkedHashSet<>(tensors.keySet());
        for (Map.Entry<String, JsonNode> entry : parse(name, header).properties()) {
            if (!entry.getKey().equals(METADATA)) {
                Tensor tensor = tensors.get(entry.getKey());
                if (tensor == null) {
                    throw new ModelFileException(
                            "%s has the tensor %s, but the model has not".formatted(name, shorten(entry.getKey())));
                }
                missing.remove(entry.getKey());
                require(
                        byBegin.put(begin(tensor, entry.getValue()), tensor) == null,
                        "%s overlaps another tensor",
                        tensor.name());
            }
        }
        require(
                missing.isEmpty(),
                "%s must have the tensor %s",
                name,
                missing.stream().findFirst().orElse(""));
        long end = 0;
        for (Map.Entry<Long, Tensor> entry : byBegin.entrySet()) {
            require(
                    entry.getKey() == end,
                    "%s must begin at %d, where the tensor before it ends, but begins at %d",
                    entry.getValue().name(),
                    end,
                    entry.getKey());
            end += entry.getValue().bytes();
        }
        return List.copyOf(byBegin.values());
    }

    /** The place in the content at which a tensor begins, after a check of its description. */
    private static long begin(Tensor tensor, JsonNode description) {
        requireEqual(tensor, "dtype", FLOAT32, description);
        requireEqual(tensor, "shape", tensor.shape(), description);
        JsonNode offsets = description.path("data_offsets");
        require(
                description.size() == 3 && offsets.size() == 2 && isLong(offsets.path(0)) && isLong(offsets.path(1)),
                "%s must have dtype, shape and two data_offsets, and nothing else",
                tensor.name());
        long begin = offsets.path(0).asLong();
        require(
                begin >= 0 && offsets.path(1).asLong() - begin == tensor.bytes(),
                "%s must have %d bytes, but its data_offsets are %s",
                tensor.name(),
                tensor.bytes(),
                offsets);
        return begin;
    }

    private static void requireEqual(Tensor tensor, String field, Object expected, JsonNode description) {
        JsonNode found = description.path(field);
        require(
                found.equals(MAPPER.valueToTree(expected)),
                "%s must have the %s %s, but has %s",
                tensor.name(),
                field,
                expected,
                shorten(found.toString()));
    }

    private static boolean isLong(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong();
    }

    private static JsonNode parse(String name, byte[] header) {
        try {
            JsonNode parsed = MAPPER.readTree(header);
            require(parsed.isObject(), "the header of %s must be a JSON object", name);
            return parsed;
        } catch (JacksonException e) {
            throw new ModelFileException("the header of %s is not valid JSON".formatted(name), e);
        }
    }

    private static String shorten(String received) {
        return received.length() <= 60 ? received : received.substring(0, 60) + "…";
    }

    private static float[] read(InputStream in, Tensor tensor) throws IOException {
        float[] values = new float[tensor.size()];
        byte[] block = new byte[(int) Math.min(BLOCK, tensor.bytes())];
        for (int first = 0; first < values.length; ) {
            int length = (int) Math.min(block.length, (values.length - first) * (long) Float.BYTES);
            if (in.readNBytes(block, 0, length) < length) {
                throw new ModelFileException(tensor.name() + " is incomplete");
            }
            ByteBuffer.wrap(block)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values, first, length / Float.BYTES);
            first += length / Float.BYTES;
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) { // the name is not formatted for each value
                throw new ModelFileException(
                        "%s must be finite numbers, but value %d is %s".formatted(tensor.name(), i, values[i]));
            }
        }
        return values;
    }

    private List<Network> networks(NetworkSpec spec, Map<Tensor, float[]> values) {
        List<Network> networks = new ArrayList<>();
        List<Tensor> inOrder = List.copyOf(tensors.values());
        int perNetwork = 2 * spec.layers().size();
        for (int first = 0; first < inOrder.size(); first += perNetwork) {
            List<Tensor> own = inOrder.subList(first, first + perNetwork);
            networks.add(Network.of(
                    spec,
                    IntStream.range(0, spec.layers().size())
                            .mapToObj(layer -> parameters(own.get(2 * layer), own.get(2 * layer + 1), values))
                            .toList()));
        }
        return networks;
    }

    /** Removes the values of a layer, so that they are not in memory for longer than necessary. */
    private static LayerParameters parameters(Tensor weights, Tensor biases, Map<Tensor, float[]> values) {
        int inputs = requireNonNull(weights.inputs);
        return new LayerParameters(
                Matrix.wrap(weights.units, inputs, requireNonNull(values.remove(weights))),
                Vector.wrap(requireNonNull(values.remove(biases))));
    }
}
