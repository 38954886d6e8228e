package io.backprop.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The scores of positive and negative examples, which measure how well the scores rank the positives first. Uses four bytes
 * per score, for up to 16,777,216 scores.
 */
final class RankedScores {

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

    /** Whether the metrics are undefined: without positives, without negatives, or with too many scores. */
    private boolean isUndefined() {
        return tooMany || positiveCount == 0 || negativeCount == 0;
    }

    private void sort() {
        Arrays.sort(positives, 0, positiveCount);
        Arrays.sort(negatives, 0, negativeCount);
    }

    /**
     * The area under the receiver operating characteristic: the share of pairs of a positive and a negative example whose
     * scores are in the right order, where equal scores count half. NaN is larger than any other score.
     */
    @Nullable
    Double rocAuc() {
        if (isUndefined()) {
            return null;
        }
        sort();
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

    /**
     * {@code Σ (Rₙ − Rₙ₋₁) Pₙ} over the distinct scores from high to low, where Pₙ and Rₙ are precision and recall if all
     * examples with at least the n-th score are predicted as positive. The average precision of scikit-learn.
     */
    @Nullable
    Double averagePrecision() {
        if (isUndefined()) {
            return null;
        }
        sort();
        double sum = 0;
        int positive = positiveCount; // number of positives below the current score
        int negative = negativeCount;
        while (positive > 0) {
            float score = positives[positive - 1];
            int next = positive;
            while (next > 0 && Float.compare(positives[next - 1], score) == 0) {
                next--;
            }
            while (negative > 0 && Float.compare(negatives[negative - 1], score) >= 0) {
                negative--;
            }
            int truePositives = positiveCount - next;
            int predicted = truePositives + negativeCount - negative;
            sum += (double) (positive - next) * truePositives / predicted;
            positive = next;
        }
        return sum / positiveCount;
    }
}
