package io.backprop.web.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds the known name that an unknown one most likely stands for, and describes unknown names. */
public final class SimilarNames {

    private static final int MIN_PREFIX_LENGTH = 3;
    private static final int MIN_PART_LENGTH = 4;
    private static final int EDIT = 2; // costs more than a likely abbreviation
    private static final int MAX_EDITS = Integer.MAX_VALUE / EDIT;

    private SimilarNames() {}

    /** Describes an unknown name: {@code is unknown here; did you mean epochs? Known: batchSize, epochs}. */
    public static String describeUnknown(String name, Collection<String> known) {
        return "is unknown here; "
                + nearest(name, known)
                        .map(nearest -> "did you mean " + nearest + "? Known: ")
                        .orElse("known: ")
                + String.join(", ", known);
    }

    /**
     * Returns the most similar known name: one with another spelling of its words ({@code learning_rate} for {@code
     * learningRate}), the last part of a path ({@code patience} for {@code earlyStopping.patience}), initials ({@code mse}
     * for {@code mean_squared_error}), a shorter or longer one ({@code val_loss} for {@code validation_loss}, {@code
     * hidden_layer_sizes} for {@code hidden}), or one with a few other characters.
     */
    public static Optional<String> nearest(String name, Collection<String> known) {
        int furthest = EDIT * Math.max(1, plain(name).length() / 3);
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= furthest)
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int distance(String name, String candidate) {
        String wanted = plain(name);
        String other = plain(candidate);
        if (wanted.equals(other)) {
            return 0;
        }
        boolean isPart = wanted.equals(plain(candidate.substring(candidate.lastIndexOf('.') + 1)))
                || wanted.equals(initials(candidate))
                || (wanted.length() >= MIN_PREFIX_LENGTH && other.startsWith(wanted))
                || (other.length() >= MIN_PART_LENGTH && wanted.startsWith(other))
                || (wanted.length() >= MIN_PART_LENGTH && other.endsWith(wanted))
                || isAbbreviation(name, candidate);
        return isPart ? 1 : EDIT * Math.min(MAX_EDITS, edits(wanted, other));
    }

    /** Whether all words are the beginnings of those of the candidate. */
    private static boolean isAbbreviation(String name, String candidate) {
        if (name.length() > candidate.length()) {
            return false;
        }
        String[] words = words(name);
        String[] others = words(candidate);
        return words.length == others.length
                && words.length > 1
                && IntStream.range(0, words.length)
                        .allMatch(i -> !words[i].isEmpty() && others[i].startsWith(words[i]));
    }

    private static String[] words(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .split("[-_. ]");
    }

    private static String plain(String name) {
        return name.replaceAll("[-_. ]", "").toLowerCase(Locale.ROOT);
    }

    private static String initials(String name) {
        return name.replaceAll("(?<=[A-Za-z0-9])[a-z0-9]|[-_. ]", "").toLowerCase(Locale.ROOT);
    }

    /** Insertions, deletions, substitutions and swaps of neighbors that make one text the other. */
    private static int edits(String a, String b) {
        if (Math.abs(a.length() - b.length()) > b.length()) {
            return Integer.MAX_VALUE; // not worth the time
        }
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                edits[i][j] =
                        Math.min(edits[i - 1][j - 1] + substitution, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
