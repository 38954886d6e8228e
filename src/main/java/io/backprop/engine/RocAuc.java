package io.backprop.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The area under the receiver operating characteristic: the share of pairs of a positive and a negative whose scores are
 * in the right order, equal ones counted half. Keeps four bytes for each score, but of
 * no more scores than some millions.
 */
final class RocAuc {

    static final int MOST_SCORES = 1 << 24;

    private float[] positives = new float[16];
    private float[] negatives = new float[16];
    private int positiveCount;
    private int negativeCount;
    private boolean tooMany;

    void add(float score, boolean positive) {
        if (tooMany || positiveCount + negativeCount == MOST_SCORES) {
            tooMany = true;
            positives = new float[0];
            negatives = new float[0];
            return;
        }
        float signless = score + 0f; // one zero, not two
        if (positive) {
            positives = withRoom(positives, positiveCount);
            positives[positiveCount++] = signless;
        } else {
            negatives = withRoom(negatives, negativeCount);
            negatives[negativeCount++] = signless;
        }
    }

    private static float[] withRoom(float[] scores, int count) {
        return count < scores.length ? scores : Arrays.copyOf(scores, 2 * count);
    }

    /** The area so far; null if there are no positives, or no negatives, or too many of them. NaN counts as larger than any number. */
    @Nullable
    Double value() {
        if (tooMany || positiveCount == 0 || negativeCount == 0) {
            return null;
        }
        Arrays.sort(positives, 0, positiveCount);
        Arrays.sort(negatives, 0, negativeCount);
        double inOrder = 0; // halves, and therefore exact
        int below = 0;
        int notAbove = 0;
        for (int i = 0; i < positiveCount; i++) {
            while (below < negativeCount && Float.compare(negatives[below], positives[i]) < 0) {
                below++;
            }
            while (notAbove < negativeCount && Float.compare(negatives[notAbove], positives[i]) <= 0) {
                notAbove++;
            }
            inOrder += ((double) below + notAbove) / 2;
        }
        return inOrder / ((double) positiveCount * negativeCount);
    }
}
