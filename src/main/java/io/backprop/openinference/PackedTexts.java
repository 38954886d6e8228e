package io.backprop.openinference;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** A growing list of texts, one after the other in UTF-8. */
public final class PackedTexts {

    private static final int MIN_BYTES = 64;
    private static final int MIN_TEXTS = 8;

    private byte[] bytes = new byte[MIN_BYTES];
    private int[] ends = new int[MIN_TEXTS]; // index after the last byte of each text
    private int size;

    /** Adds a text. */
    public void add(String text) {
        append(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a text in UTF-8, which is checked. Not modified. */
    void add(byte[] text) throws CharacterCodingException {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
        append(text);
    }

    private void append(byte[] text) {
        int start = end();
        int end = Math.addExact(start, text.length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(end, Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
        }
        System.arraycopy(text, 0, bytes, start, text.length);
        ends[size++] = end;
    }

    private int end() {
        return size == 0 ? 0 : ends[size - 1];
    }

    public int size() {
        return size;
    }

    String get(int index) {
        int start = Objects.checkIndex(index, size) == 0 ? 0 : ends[index - 1];
        return new String(bytes, start, ends[index] - start, StandardCharsets.UTF_8);
    }
}
