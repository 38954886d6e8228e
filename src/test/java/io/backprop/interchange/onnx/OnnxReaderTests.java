package io.backprop.interchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxReaderTests {

    /** Writes the fields of a message. */
    interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] modelOf(byte[] graph) {
        return message(out -> {
            out.writeInt64(1, 8);
            out.writeByteArray(7, graph);
        });
    }

    /** A model with one initializer. */
    private static byte[] modelWith(Fields tensor) {
        return modelOf(message(out -> out.writeByteArray(5, message(tensor))));
    }

    private static OnnxTensor read(Fields tensor) {
        return OnnxReader.read(modelWith(tensor)).graph().initializers().get(0);
    }

    private static void assertRejected(byte[] file, String message) {
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> OnnxReader.read(file))
                .withMessageContaining(message);
    }

    private static void assertRejected(Fields tensor, String message) {
        assertRejected(modelWith(tensor), message);
    }

    @Test
    void readsWhatIsWritten() {
        Map<String, OnnxAttribute> attributes = Map.of(
                "float", new OnnxAttribute.OfFloat(0),
                "int", new OnnxAttribute.OfInt(-3),
                "string", new OnnxAttribute.OfString("é"),
                "floats", new OnnxAttribute.OfFloats(List.of(1f, -2f)),
                "ints", new OnnxAttribute.OfInts(List.of(1L, Long.MIN_VALUE)),
                "strings", new OnnxAttribute.OfStrings(List.of("", "b")));
        GraphFixture graph = new GraphFixture()
                .opset("ai.onnx.ml", 3)
                .input("x", 3)
                .node("Op", attributes, "x  y", "z")
                .weights("w", 2, 3)
                .integers("i", 5, -6)
                .tensor(OnnxTensor.ofDoubles("d", List.of(), new double[] {0.1}))
                .tensor(OnnxTensor.ofStrings("s", List.of(2L), List.of("ä", "")))
                .tensor(OnnxTensor.ofIntegers("b", ElementType.UINT8, List.of(2L), new long[] {0, 255}))
                .output("z", ElementType.STRING);
        OnnxModel model = OnnxReader.read(graph.bytes());
        assertThat(OnnxWriter.write(model)).isEqualTo(graph.bytes());
        assertThat(model.graph().nodes()).isEqualTo(graph.build().graph().nodes());
        assertThat(model.graph().inputs()).isEqualTo(graph.build().graph().inputs());
        assertThat(model.graph().initializers().get(0).floats())
                .isEqualTo(graph.initializer("w").floats());
        assertThat(model.graph().initializers().get(4).integers()).containsExactly(0, 255);
    }

    @Test
    void readsElementsInTheFieldOfTheirType() {
        OnnxTensor floats = read(out -> {
            out.writeInt64(1, 2);
            out.writeInt32(2, 1);
            out.writeByteArray(4, message(data -> {
                data.writeFloatNoTag(1.5f);
                data.writeFloatNoTag(-2);
            }));
        });
        assertThat(floats.floats()).containsExactly(1.5f, -2);

        OnnxTensor integers = read(out -> {
            out.writeByteArray(1, message(dimensions -> {
                dimensions.writeInt64NoTag(1);
                dimensions.writeInt64NoTag(2);
            }));
            out.writeInt32(2, 7);
            out.writeInt64(7, 3); // not packed
            out.writeInt64(7, -4);
        });
        assertThat(integers.dimensions()).containsExactly(1L, 2L);
        assertThat(integers.integers()).containsExactly(3, -4);

        OnnxTensor doubles = read(out -> {
            out.writeInt64(1, 1);
            out.writeInt32(2, 11);
            out.writeByteArray(10, message(data -> data.writeDoubleNoTag(0.1)));
        });
        assertThat(doubles.doubles()).containsExactly(0.1);

        OnnxTensor flags = read(out -> {
            out.writeInt64(1, 2);
            out.writeInt32(2, 9);
            out.writeByteArray(5, new byte[] {1, 0});
        });
        assertThat(flags.integers()).containsExactly(1, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "3C00, 1",
        "C000, -2",
        "7BFF, 65504",
        "0001, 5.9604645E-8",
        "0400, 6.1035156E-5",
        "8000, -0.0",
        "3555, 0.33325195"
    })
    void readsFloatsOf16Bits(String bits, float value) {
        int half = Integer.parseInt(bits, 16);
        OnnxTensor tensor = read(out -> {
            out.writeInt64(1, 1);
            out.writeInt32(2, 10);
            out.writeByteArray(9, new byte[] {(byte) half, (byte) (half >> 8)});
        });
        assertThat(tensor.elementType()).isEqualTo(ElementType.FLOAT);
        assertThat(tensor.floats()).containsExactly(value);
    }

    @Test
    void readsBrainFloats() {
        OnnxTensor tensor = read(out -> {
            out.writeInt64(1, 1);
            out.writeInt32(2, 16);
            out.writeByteArray(5, message(data -> data.writeInt32NoTag(0x3FC0)));
        });
        assertThat(tensor.floats()).containsExactly(1.5f);
    }

    @Test
    void skipsUnknownFields() {
        byte[] file = message(out -> {
            out.writeInt64(99, 5);
            out.writeByteArray(7, message(graph -> graph.writeString(77, "new")));
            out.writeFixed64(98, 6);
        });
        assertThat(OnnxReader.read(file).graph().nodes()).isEmpty();
    }

    @Test
    void rejectsDimensionsThatDoNotFitTheElements() {
        assertRejected(
                out -> {
                    out.writeString(8, "w");
                    out.writeInt64(1, -2);
                    out.writeInt32(2, 1);
                },
                "dimensions of tensor \"w\" must be at least 0");
        assertRejected(
                out -> {
                    out.writeInt64(1, 1L << 31);
                    out.writeInt64(1, 1L << 33);
                    out.writeInt32(2, 1);
                },
                "at most 2147483647");
        assertRejected(
                out -> {
                    out.writeInt64(1, 1 << 30);
                    out.writeInt64(1, 1 << 30);
                    out.writeInt64(1, 16);
                    out.writeInt32(2, 1);
                },
                "as many elements as its dimensions");
        assertRejected(
                out -> {
                    out.writeInt64(1, 2);
                    out.writeInt32(2, 1);
                    out.writeByteArray(9, new byte[12]);
                },
                "has 3");
    }

    @Test
    void rejectsElementsInAnotherForm() {
        assertRejected(
                out -> {
                    out.writeInt64(1, 1);
                    out.writeInt32(2, 1);
                    out.writeByteArray(9, new byte[3]);
                },
                "size that does not fit its element type");
        assertRejected(
                out -> {
                    out.writeInt64(1, 2);
                    out.writeInt32(2, 1);
                    out.writeFloat(4, 1);
                    out.writeInt64(7, 1);
                },
                "a field that is not for its type");
        assertRejected(
                out -> {
                    out.writeInt64(1, 2);
                    out.writeInt32(2, 1);
                    out.writeFloat(4, 1);
                    out.writeByteArray(9, new byte[4]);
                },
                "raw data as well as others");
        assertRejected(out -> out.writeInt32(2, 14), "element type");
        assertRejected(out -> out.writeInt32(2, 99), "element type 99");
        assertRejected(out -> out.writeString(2, "float"), "a field has the wrong type");
    }

    @Test
    void rejectsDataInOtherFiles() {
        assertRejected(
                out -> {
                    out.writeString(8, "w");
                    out.writeByteArray(13, message(entry -> {
                        entry.writeString(1, "location");
                        entry.writeString(2, "/etc/passwd");
                    }));
                },
                "tensor \"w\" is in another file, which is not supported");
        assertRejected(out -> out.writeInt32(14, 1), "in another file");
    }

    @Test
    void rejectsWhatNetworksDoNotNeed() {
        byte[] empty = {};
        assertRejected(modelOf(message(graph -> graph.writeByteArray(15, empty))), "sparse tensors are not supported");
        assertRejected(
                modelOf(message(graph -> graph.writeByteArray(14, empty))), "quantized tensors are not supported");
        assertRejected(message(model -> model.writeByteArray(25, empty)), "functions are not supported");
        assertRejected(message(model -> model.writeByteArray(20, empty)), "training information is not supported");
        byte[] node = message(out -> {
            out.writeString(4, "If");
            out.writeByteArray(5, message(attribute -> {
                attribute.writeString(1, "then_branch");
                attribute.writeByteArray(6, empty);
            }));
        });
        assertRejected(
                modelOf(message(graph -> graph.writeByteArray(1, node))),
                "attribute \"then_branch\" of operator \"If\" is a graph");
    }

    @Test
    void rejectsOtherFiles() {
        assertRejected(new byte[0], "it has no graph");
        assertRejected(text("{\"a\": 1}"), "is not an ONNX model");
        assertRejected(text("PK\u0003\u0004"), "is not an ONNX model");
        assertRejected(message(out -> out.writeByteArray(2, new byte[] {(byte) 0xc3})), "is not an ONNX model");
    }

    @Test
    void rejectsNamesThatAreThereTwice() {
        assertRejected(
                message(out -> {
                    out.writeByteArray(7, new byte[0]);
                    out.writeByteArray(7, new byte[0]);
                }),
                "more than one graph");
        assertRejected(
                message(out -> {
                    out.writeByteArray(14, message(entry -> entry.writeString(1, "id")));
                    out.writeByteArray(14, message(entry -> entry.writeString(1, "id")));
                }),
                "the metadata \"id\" is there twice");
    }

    @Test
    void rejectsNestedGroups() {
        assertRejected(
                message(out -> {
                    for (int i = 0; i < 100_000; i++) {
                        out.writeTag(50, WireFormat.WIRETYPE_START_GROUP);
                    }
                }),
                "it has a group");
    }

    @Test
    void rejectsNestedGraphs() {
        byte[] nested = {};
        for (int i = 0; i < 1000; i++) {
            byte[] inner = nested;
            byte[] node =
                    message(out -> out.writeByteArray(5, message(attribute -> attribute.writeByteArray(6, inner))));
            nested = message(out -> out.writeByteArray(1, node));
        }
        assertRejected(modelOf(nested), "is a graph");
    }

    @Test
    void ignoresNestedTypes() {
        byte[] nested = {};
        for (int i = 0; i < 1000; i++) {
            byte[] inner = nested;
            nested = message(out -> out.writeByteArray(4, message(sequence -> sequence.writeByteArray(1, inner))));
        }
        byte[] type = nested;
        OnnxModel model = OnnxReader.read(modelOf(message(
                graph -> graph.writeByteArray(12, message(value -> value.writeByteArray(2, type))))));
        assertThat(model.graph().outputs()).containsExactly(new OnnxValue("", ElementType.UNDEFINED, null, ""));
    }

    @Test
    void rejectsAMillionEmptyNodes() {
        byte[] graph = new byte[2_000_000];
        for (int i = 0; i < graph.length; i += 2) {
            graph[i] = 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        }
        assertRejected(modelOf(graph), "too many small parts");
    }

    @Test
    void rejectsManyEmptyTexts() {
        byte[] tensor = new byte[2_000_000];
        for (int i = 0; i < tensor.length; i += 2) {
            tensor[i] = 6 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        }
        assertRejected(modelWith(out -> out.writeRawBytes(tensor)), "too many small parts");
    }

    @Test
    void allocatesNoMoreThanIsThere() {
        byte[] lie = message(out -> {
            out.writeTag(9, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(Integer.MAX_VALUE);
        });
        assertRejected(modelWith(out -> out.writeRawBytes(lie)), "is not an ONNX model, or is damaged");
        byte[] packed = message(out -> {
            out.writeTag(4, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(1 << 30);
        });
        assertRejected(modelWith(out -> out.writeRawBytes(packed)), "is not an ONNX model, or is damaged");
    }
}
