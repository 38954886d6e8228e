package io.backprop.tabular;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The distinct strings of a column, with codes from 0 in the order of first appearance. */
final class StringDictionary {
    /*
     * A hash table with linear probing over packed characters: looking up a cell creates no String. With a HashMap of
     * Strings, a table of categories is read a quarter slower (benchmark TableReading). Each process has its own hash function, so that a caller cannot craft strings that all collide.
     */

    /** Of a string, in characters. */
    static final int MAX_LENGTH = 256;

    private static final int MULTIPLIER = new SecureRandom().nextInt() | 1;

    private char[] text = new char[32];
    private int[] ends = new int[4]; // by code, in the text
    private float[] numbers = new float[4]; // by code
    private int[] slots = new int[8]; // code + 1, or 0
    private int size;

    int size() {
        return size;
    }

    /** The code of a string, or -1. */
    int codeOf(char[] from, int offset, int length) {
        return slots[slot(from, offset, length)] - 1;
    }

    /**
     * The code of true or false with other capitals, since {@code True} in Python is {@code true} in JSON; -1 if there is
     * none or more than one.
     */
    int codeOfTruthValue(char[] from, int offset, int length) {
        String value = length > "false".length() ? "" : new String(from, offset, length);
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            return -1;
        }
        int[] codes = IntStream.range(0, size)
                .filter(code -> get(code).equalsIgnoreCase(value))
                .toArray();
        return codes.length == 1 ? codes[0] : -1;
    }

    /**
     * Adds a string that is not in the dictionary yet, and returns its code.
     *
     * @param number the number that the string denotes; NaN if it denotes none
     */
    int add(String string, float number) {
        char[] characters = string.toCharArray();
        int start = start(size);
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            numbers = Arrays.copyOf(numbers, 2 * size);
        }
        if (start + characters.length > text.length) {
            text = Arrays.copyOf(text, Math.max(2 * text.length, start + characters.length));
        }
        System.arraycopy(characters, 0, text, start, characters.length);
        ends[size] = start + characters.length;
        numbers[size] = number;
        if (2 * size >= slots.length) {
            rehash();
        }
        slots[slot(characters, 0, characters.length)] = ++size;
        return size - 1;
    }

    String get(int code) {
        return new String(text, start(code), ends[code] - start(code));
    }

    float number(int code) {
        return numbers[code];
    }

    void setNumber(int code, float number) {
        numbers[code] = number;
    }

    List<String> toList() {
        return IntStream.range(0, size).mapToObj(this::get).toList();
    }

    /** Whether a string can be stored and encoded as UTF-8: it has no NUL characters and no unpaired surrogates. */
    static boolean isStorable(String string) {
        return isStorable(string.toCharArray(), 0, string.length());
    }

    /** As {@link #isStorable(String)}. */
    static boolean isStorable(char[] text, int offset, int length) {
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (Character.isHighSurrogate(text[i]) && i + 1 < end && Character.isLowSurrogate(text[i + 1])) {
                i++;
            } else if (text[i] == 0 || Character.isSurrogate(text[i])) {
                return false;
            }
        }
        return true;
    }

    private int start(int code) {
        return code == 0 ? 0 : ends[code - 1];
    }

    private void rehash() {
        slots = new int[2 * slots.length];
        for (int code = 0; code < size; code++) {
            slots[slot(text, start(code), ends[code] - start(code))] = code + 1;
        }
    }

    /** The slot of a string, or the one to put it in. */
    private int slot(char[] from, int offset, int length) {
        int mask = slots.length - 1;
        int slot = hash(from, offset, length) & mask;
        while (slots[slot] > 0 && !matches(slots[slot] - 1, from, offset, length)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean matches(int code, char[] from, int offset, int length) {
        return Arrays.equals(text, start(code), ends[code], from, offset, offset + length);
    }

    private static int hash(char[] from, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = (hash ^ from[i]) * MULTIPLIER;
            hash ^= hash >>> 15;
        }
        return hash;
    }
}
