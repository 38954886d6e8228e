package io.backprop.interchange.onnx;

import static io.backprop.interchange.onnx.OnnxException.quote;
import static io.backprop.interchange.onnx.OnnxException.require;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.backprop.interchange.onnx.OnnxValue.Dimension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads ONNX files, which may come from an untrusted source. What a network never needs is rejected: subgraphs, functions,
 * sparse and quantized tensors, training information, and data in other files.
 *
 * <p>Fields that are unknown here are skipped, as Protocol Buffers require.
 */
public final class OnnxReader {
    /*
     * Nothing is allocated by a size that the file states before that many bytes are known to be there, and messages
     * contain each other only to a fixed depth, since groups and subgraphs are rejected. What is allocated is counted
     * before, so that millions of empty messages do not take more memory than memory() says.
     */

    private static final int BYTES_PER_BYTE = 64; // of a file of nothing but short nodes
    private static final long FREE_BYTES = 16 << 20; // besides twice the size of the file
    private static final int OBJECT_BYTES = 64; // with the reference to it
    private static final int EXTERNAL = 1; // location of data

    private final byte[] bytes;
    private final CodedInputStream input;
    private long bytesLeft;

    private OnnxReader(byte[] bytes) {
        this.bytes = bytes;
        this.input = CodedInputStream.newInstance(bytes);
        this.bytesLeft = memory(bytes.length);
    }

    /** The most memory that a file takes besides its own bytes. */
    public static long memory(int length) {
        return Math.min((long) BYTES_PER_BYTE * length, FREE_BYTES + 2L * length);
    }

    /**
     * Reads a file.
     *
     * @param bytes not modified
     * @throws OnnxException if they are not an ONNX model, or one that needs what is rejected here
     */
    public static OnnxModel read(byte[] bytes) {
        try {
            return new OnnxReader(bytes).readModel();
        } catch (IOException e) {
            throw new OnnxException("the file is not an ONNX model, or is damaged: " + e.getMessage());
        }
    }

    /** Takes memory for what is about to be allocated. */
    private void spend(long size) {
        bytesLeft -= size;
        require(bytesLeft >= 0, "the file has too many small parts for its size");
    }

    /** The fields of a message. */
    private interface Fields {
        /** Reads the value of a field, or returns false to skip it. */
        boolean read(int field) throws IOException;
    }

    private int wireType; // of the current field

    private void readFields(Fields fields) throws IOException {
        while (!input.isAtEnd()) {
            int tag = input.readTag();
            wireType = WireFormat.getTagWireType(tag);
            require(
                    wireType != WireFormat.WIRETYPE_START_GROUP && wireType != WireFormat.WIRETYPE_END_GROUP,
                    "the file is not an ONNX model, or is damaged: it has a group");
            if (!fields.read(WireFormat.getTagFieldNumber(tag))) {
                input.skipField(tag);
            }
        }
    }

    private void readMessage(Fields fields) throws IOException {
        int outer = input.pushLimit(readLength());
        readFields(fields);
        input.popLimit(outer);
    }

    private int readLength() throws IOException {
        requireWireType(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        return input.readRawVarint32();
    }

    private void requireWireType(int expected) {
        require(wireType == expected, "the file is not an ONNX model, or is damaged: a field has the wrong type");
    }

    private String readText() throws IOException {
        requireWireType(WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int before = input.getTotalBytesRead();
        String text = input.readStringRequireUtf8();
        spend(OBJECT_BYTES + input.getTotalBytesRead() - before);
        return text;
    }

    private long readInteger() throws IOException {
        requireWireType(WireFormat.WIRETYPE_VARINT);
        return input.readInt64();
    }

    private float readFloat() throws IOException {
        requireWireType(WireFormat.WIRETYPE_FIXED32);
        return input.readFloat();
    }

    private interface Element {
        void read() throws IOException;
    }

    /** Reads one or more numbers of a repeated field, packed or not. */
    private void readPacked(int unpackedType, Element element) throws IOException {
        readPacked(unpackedType, bytesFollow -> {}, element);
    }

    private void readPacked(int unpackedType, IntConsumer announce, Element element) throws IOException {
        if (wireType != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            requireWireType(unpackedType);
            element.read();
            return;
        }
        int outer = input.pushLimit(readLength());
        announce.accept(input.getBytesUntilLimit());
        while (!input.isAtEnd()) {
            element.read();
        }
        input.popLimit(outer);
    }

    private static boolean reject(String what) {
        throw new OnnxException(what + " not supported");
    }

    private OnnxModel readModel() throws IOException {
        long[] numbers = new long[2];
        String[] texts = {"", "", ""};
        Map<String, Long> opsets = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        List<OnnxGraph> graphs = new ArrayList<>(1);
        readFields(field -> {
            switch (field) {
                case 1 -> numbers[0] = readInteger();
                case 2 -> texts[0] = readText();
                case 3 -> texts[1] = readText();
                case 5 -> numbers[1] = readInteger();
                case 6 -> texts[2] = readText();
                case 7 -> {
                    require(graphs.isEmpty(), "the file has more than one graph");
                    graphs.add(readGraph());
                }
                case 8 -> readOpset(opsets);
                case 14 -> readMetadata(metadata);
                case 20 -> reject("training information is");
                case 25 -> reject("functions are");
                default -> {
                    return false;
                }
            }
            return true;
        });
        require(!graphs.isEmpty(), "the file is not an ONNX model: it has no graph");
        return new OnnxModel(numbers[0], texts[0], texts[1], numbers[1], texts[2], opsets, graphs.get(0), metadata);
    }

    private void readOpset(Map<String, Long> opsets) throws IOException {
        String[] domain = {""};
        long[] version = {0};
        readMessage(field -> {
            switch (field) {
                case 1 -> domain[0] = readText();
                case 2 -> version[0] = readInteger();
                default -> {
                    return false;
                }
            }
            return true;
        });
        spend(OBJECT_BYTES);
        opsets.merge(domain[0], version[0], Math::max);
    }

    private void readMetadata(Map<String, String> metadata) throws IOException {
        String[] entry = {"", ""};
        readMessage(field -> {
            if (field == 1 || field == 2) {
                entry[field - 1] = readText();
                return true;
            }
            return false;
        });
        spend(OBJECT_BYTES);
        require(metadata.putIfAbsent(entry[0], entry[1]) == null, "the metadata %s is there twice", quote(entry[0]));
    }

    private OnnxGraph readGraph() throws IOException {
        String[] name = {""};
        List<OnnxNode> nodes = new ArrayList<>();
        List<OnnxTensor> initializers = new ArrayList<>();
        List<OnnxValue> inputs = new ArrayList<>();
        List<OnnxValue> outputs = new ArrayList<>();
        readMessage(field -> {
            switch (field) {
                case 1 -> nodes.add(readNode());
                case 2 -> name[0] = readText();
                case 5 -> initializers.add(readTensor());
                case 11 -> inputs.add(readValue());
                case 12 -> outputs.add(readValue());
                case 14 -> reject("quantized tensors are");
                case 15 -> reject("sparse tensors are");
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OnnxGraph(name[0], nodes, initializers, inputs, outputs);
    }

    private OnnxNode readNode() throws IOException {
        spend(4 * OBJECT_BYTES);
        String[] texts = {"", "", ""};
        List<String> inputs = new ArrayList<>(1);
        List<String> outputs = new ArrayList<>(1);
        Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
        readMessage(field -> {
            switch (field) {
                case 1 -> inputs.add(readText());
                case 2 -> outputs.add(readText());
                case 3 -> texts[0] = readText();
                case 4 -> texts[1] = readText();
                case 5 -> readAttribute(texts[1], attributes);
                case 7 -> texts[2] = readText();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OnnxNode(texts[0], texts[2], texts[1], inputs, outputs, attributes);
    }

    private void readAttribute(String operator, Map<String, OnnxAttribute> attributes) throws IOException {
        spend(4 * OBJECT_BYTES);
        AttributeFields fields = new AttributeFields(operator);
        readMessage(fields::read);
        require(
                attributes.putIfAbsent(fields.name, fields.attribute()) == null,
                "attribute %s of operator %s is there twice",
                quote(fields.name),
                quote(operator));
    }

    /** The fields of an attribute, of which its type says which one is its value. */
    private final class AttributeFields {

        private final String operator;
        private String name = "";
        private long type;
        private float number;
        private long integer;
        private String text = "";
        private @Nullable OnnxTensor tensor;
        private final List<Float> numbers = new ArrayList<>(0);
        private final List<Long> integers = new ArrayList<>(0);
        private final List<String> texts = new ArrayList<>(0);

        AttributeFields(String operator) {
            this.operator = operator;
        }

        boolean read(int field) throws IOException {
            switch (field) {
                case 1 -> name = readText();
                case 2 -> number = readFloat();
                case 3 -> integer = readInteger();
                case 4 -> text = readText();
                case 5 -> tensor = readTensor();
                case 7 ->
                    readPacked(WireFormat.WIRETYPE_FIXED32, () -> {
                        spend(OBJECT_BYTES / 2);
                        numbers.add(input.readFloat());
                    });
                case 8 ->
                    readPacked(WireFormat.WIRETYPE_VARINT, () -> {
                        spend(OBJECT_BYTES / 2);
                        integers.add(input.readInt64());
                    });
                case 9 -> texts.add(readText());
                case 20 -> type = readInteger();
                case 6, 10, 11, 14, 15, 21, 22, 23 ->
                    reject("attribute %s of operator %s is a graph, a type or another value that is"
                            .formatted(quote(name), quote(operator)));
                default -> {
                    return false;
                }
            }
            return true;
        }

        OnnxAttribute attribute() {
            return switch ((int) Math.max(0, Math.min(type, Integer.MAX_VALUE))) {
                case 1 -> new OnnxAttribute.OfFloat(number);
                case 2 -> new OnnxAttribute.OfInt(integer);
                case 3 -> new OnnxAttribute.OfString(text);
                case 4 -> {
                    if (tensor == null) {
                        throw new OnnxException(
                                "attribute %s of operator %s has no tensor".formatted(quote(name), quote(operator)));
                    }
                    yield new OnnxAttribute.OfTensor(tensor);
                }
                case 6 -> new OnnxAttribute.OfFloats(numbers);
                case 7 -> new OnnxAttribute.OfInts(integers);
                case 8 -> new OnnxAttribute.OfStrings(texts);
                default ->
                    throw new OnnxException("attribute %s of operator %s is of the unknown type %d"
                            .formatted(quote(name), quote(operator), type));
            };
        }
    }

    private OnnxValue readValue() throws IOException {
        spend(3 * OBJECT_BYTES);
        String[] texts = {"", ""};
        TypeFields type = new TypeFields();
        readMessage(field -> {
            switch (field) {
                case 1 -> texts[0] = readText();
                case 2 -> readMessage(type::read);
                case 3 -> texts[1] = readText();
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OnnxValue(texts[0], type.elementType, type.shape, texts[1]);
    }

    /** The type of a tensor; other types are left {@link ElementType#UNDEFINED}. */
    private final class TypeFields {

        private ElementType elementType = ElementType.UNDEFINED;
        private @Nullable List<Dimension> shape;

        boolean read(int field) throws IOException {
            if (field != 1) {
                return false;
            }
            readMessage(tensorField -> {
                switch (tensorField) {
                    case 1 -> elementType = elementType(readInteger());
                    case 2 -> {
                        List<Dimension> dimensions = new ArrayList<>(2);
                        readMessage(shapeField -> shapeField == 1 && dimensions.add(readDimension()));
                        shape = dimensions;
                    }
                    default -> {
                        return false;
                    }
                }
                return true;
            });
            return true;
        }
    }

    private Dimension readDimension() throws IOException {
        spend(OBJECT_BYTES);
        Dimension[] dimension = {new Dimension.Free("")};
        readMessage(field -> {
            switch (field) {
                case 1 -> dimension[0] = new Dimension.Fixed(readInteger());
                case 2 -> dimension[0] = new Dimension.Free(readText());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return dimension[0];
    }

    private static ElementType elementType(long code) {
        return ElementType.of((int) Math.max(-1, Math.min(code, Integer.MAX_VALUE)))
                .orElseThrow(() -> new OnnxException("the element type %d is not supported".formatted(code)));
    }

    private OnnxTensor readTensor() throws IOException {
        spend(4 * OBJECT_BYTES);
        TensorFields fields = new TensorFields();
        readMessage(fields::read);
        return fields.tensor();
    }

    /** The fields of a tensor, whose elements are in {@code raw_data} or in the field for their type. */
    private final class TensorFields {

        private String name = "";
        private ElementType elementType = ElementType.UNDEFINED;
        private final List<Long> dimensions = new ArrayList<>(2);
        private final TensorElements elements = new TensorElements(OnnxReader.this::spend);

        boolean read(int field) throws IOException {
            switch (field) {
                case 1 ->
                    readPacked(WireFormat.WIRETYPE_VARINT, () -> {
                        spend(OBJECT_BYTES / 2);
                        dimensions.add(input.readInt64());
                    });
                case 2 -> elementType = elementType(readInteger());
                case 3 -> reject("tensors in segments are");
                case 4 ->
                    readPacked(
                            WireFormat.WIRETYPE_FIXED32,
                            length -> elements.reserveFloats(length / Float.BYTES),
                            () -> elements.add(input.readFloat()));
                case 5, 7, 11 -> readPacked(WireFormat.WIRETYPE_VARINT, () -> elements.add(input.readInt64()));
                case 6 -> elements.add(readText());
                case 8 -> name = readText();
                case 9 -> {
                    int length = readLength();
                    int outer = input.pushLimit(length); // checks the length
                    elements.addRaw(bytes, input.getTotalBytesRead(), length);
                    input.skipRawBytes(length);
                    input.popLimit(outer);
                }
                case 10 ->
                    readPacked(
                            WireFormat.WIRETYPE_FIXED64,
                            length -> elements.reserveDoubles(length / Double.BYTES),
                            () -> elements.add(input.readDouble()));
                case 13 -> reject("tensor %s is in another file, which is".formatted(quote(name)));
                case 14 -> {
                    if (readInteger() == EXTERNAL) {
                        reject("tensor %s is in another file, which is".formatted(quote(name)));
                    }
                }
                default -> {
                    return false;
                }
            }
            return true;
        }

        OnnxTensor tensor() {
            for (long dimension : dimensions) {
                require(
                        dimension >= 0 && dimension <= Integer.MAX_VALUE,
                        "dimensions of tensor %s must be at least 0 and at most %d, but one is %d",
                        quote(name),
                        Integer.MAX_VALUE,
                        dimension);
            }
            return elements.toTensor(name, elementType, dimensions);
        }
    }
}
