package io.backprop.interchange.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of Protocol Buffers that is written field by field in the order in which its fields are added. Its size is known
 * before anything is written, so no message is held in memory as bytes.
 */
final class ProtobufMessage {

    private static final int LENGTH_DELIMITED = 2; // wire type

    private final List<Content> fields = new ArrayList<>();
    private long size;

    /** Bytes that are written when they are needed. */
    interface Content {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    /** The number of bytes. */
    long size() {
        return size;
    }

    void writeTo(CodedOutputStream out) throws IOException {
        for (Content field : fields) {
            field.writeTo(out);
        }
    }

    /** Adds an integer. */
    ProtobufMessage add(int number, long value) {
        return add(CodedOutputStream.computeInt64Size(number, value), out -> out.writeInt64(number, value));
    }

    /** Adds an integer unless it is 0. */
    ProtobufMessage addIfSet(int number, long value) {
        return value == 0 ? this : add(number, value);
    }

    ProtobufMessage add(int number, float value) {
        return add(CodedOutputStream.computeFloatSize(number, value), out -> out.writeFloat(number, value));
    }

    ProtobufMessage add(int number, String value) {
        return add(CodedOutputStream.computeStringSize(number, value), out -> out.writeString(number, value));
    }

    /** Adds a text unless it is empty. */
    ProtobufMessage addIfSet(int number, String value) {
        return value.isEmpty() ? this : add(number, value);
    }

    ProtobufMessage add(int number, ProtobufMessage message) {
        return add(number, message.size, message::writeTo);
    }

    /** Adds bytes. */
    ProtobufMessage add(int number, long length, Content bytes) {
        int tag = CodedOutputStream.computeTagSize(number);
        return add(tag + CodedOutputStream.computeUInt64SizeNoTag(length) + length, out -> {
            out.writeTag(number, LENGTH_DELIMITED);
            out.writeUInt64NoTag(length);
            bytes.writeTo(out);
        });
    }

    private ProtobufMessage add(long bytes, Content field) {
        fields.add(field);
        size += bytes;
        return this;
    }
}
