package io.backprop.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The area under the receiver operating characteristic: the share of pairs of a positive and a negative example whose
 * scores are in the right order, where equal scores count half. Uses four bytes per score, for up to 16,777,216 scores.
 */
final class RocAuc {

    static final int MAX_SCORES = 1 << 24;

    private float[] positives = new float[16];
    private float[] negatives = new float[16];
    private int positiveCount;
    private int negativeCount;
    private boolean tooMany;

    void add(float score, boolean positive) {
        if (tooMany || positiveCount + negativeCount == MAX_SCORES) {
            tooMany = true;
            positives = new float[0];
            negatives = new float[0];
            return;
        }
        float canonical = score + 0f; // turns −0 into 0
        if (positive) {
            positives = ensureCapacity(positives, positiveCount);
            positives[positiveCount++] = canonical;
        } else {
            negatives = ensureCapacity(negatives, negativeCount);
            negatives[negativeCount++] = canonical;
        }
    }

    private static float[] ensureCapacity(float[] scores, int count) {
        return count < scores.length ? scores : Arrays.copyOf(scores, 2 * count);
    }

    /** The area; null without positives or negatives, or with too many scores. NaN is larger than any other score. */
    @Nullable
    Double value() {
        if (tooMany || positiveCount == 0 || negativeCount == 0) {
            return null;
        }
        Arrays.sort(positives, 0, positiveCount);
        Arrays.sort(negatives, 0, negativeCount);
        double inOrder = 0; // a multiple of 1/2, therefore exact
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
