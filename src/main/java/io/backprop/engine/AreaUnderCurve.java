package io.backprop.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The area under the receiver operating characteristic: the share of pairs of a positive and a negative whose scores are
 * in the right order, equal ones counted half. Keeps four bytes for each score.
 */
final class AreaUnderCurve {

    private float[] positives = new float[16];
    private float[] negatives = new float[16];
    private int positiveCount;
    private int negativeCount;

    void add(float score, boolean positive) {
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
        return count < scores.length ? scores : Arrays.copyOf(scores, Math.multiplyExact(2, count));
    }

    /** The area so far; null if there are no positives, or no negatives. NaN counts as larger than any number. */
    @Nullable
    Double value() {
        if (positiveCount == 0 || negativeCount == 0) {
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
