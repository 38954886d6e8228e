package io.backprop.tabular;

import java.security.SecureRandom;
import java.util.Arrays;

/** The different words of a column, numbered in order of first appearance. */
final class StringDictionary {
    /*
     * A hash table with linear probing over packed characters: a word is found without making a String of it. The hash
     * is another one in each process, so that nobody can send words that all collide.
     */

    /** Of a word, in characters. */
    static final int LONGEST = 256;

    private static final int MULTIPLIER = new SecureRandom().nextInt() | 1;

    private char[] text = new char[32];
    private int[] ends = new int[4]; // of each word in the text
    private float[] values = new float[4]; // of each word
    private int[] slots = new int[8]; // code + 1, or 0
    private int size;

    int size() {
        return size;
    }

    /** The number of a word, or -1. */
    int find(char[] from, int offset, int length) {
        int slot = slot(from, offset, length);
        return slots[slot] - 1;
    }

    /**
     * A word that is not there yet.
     *
     * @param value the number that is written so; NaN if it is none
     */
    int add(String word, float value) {
        char[] characters = word.toCharArray();
        int start = start(size);
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        if (start + characters.length > text.length) {
            text = Arrays.copyOf(text, Math.max(2 * text.length, start + characters.length));
        }
        System.arraycopy(characters, 0, text, start, characters.length);
        ends[size] = start + characters.length;
        values[size] = value;
        if (2 * size >= slots.length) {
            rehash();
        }
        slots[slot(characters, 0, characters.length)] = ++size;
        return size - 1;
    }

    String get(int code) {
        return new String(text, start(code), ends[code] - start(code));
    }

    float value(int code) {
        return values[code];
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

    /** Where the word is, or is to be put. */
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
