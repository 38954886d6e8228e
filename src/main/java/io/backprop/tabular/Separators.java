package io.backprop.tabular;

/** Finds what stands between the cells of a CSV file. */
final class Separators {

    private static final String CANDIDATES = ",;\t";

    private Separators() {}

    /** The candidate that is most often in the first line, outside of quotes; the comma if there is none. */
    static char find(CharSequence text) {
        int[] counts = new int[CANDIDATES.length()];
        boolean quoted = false;
        for (int i = 0; i < text.length() && (quoted || !endsLine(text.charAt(i))); i++) {
            int candidate = CANDIDATES.indexOf(text.charAt(i));
            if (text.charAt(i) == '"') {
                quoted = !quoted;
            } else if (candidate >= 0 && !quoted) {
                counts[candidate]++;
            }
        }
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return CANDIDATES.charAt(best);
    }

    private static boolean endsLine(char character) {
        return character == '\n' || character == '\r';
    }
}
