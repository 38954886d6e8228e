package io.backprop.search;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import io.backprop.engine.LearningRateSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * A stage of a search, at whose end trials are compared.
 *
 * @param epochs number of epochs that its trials have completed then
 * @param trials the most trials that take part
 */
public record Rung(int epochs, int trials) {

    private static final int CYCLES = 4; // of successive halving; three times as many trials as in the second one
    private static final int FIRST_REDUCTION = 3;
    private static final int REDUCTION = 2;
    private static final int LEAST = 2; // the model as it is, and another one that may be better

    public Rung {
        requireAtLeast(1, epochs, "epochs");
        requireAtLeast(1, trials, "trials");
    }

    /**
     * The rungs of a search.
     *
     * @param epochs of a complete training
     * @param schedule of its learning rate
     */
    static List<Rung> of(SearchStrategy strategy, int trials, int epochs, LearningRateSchedule schedule) {
        return strategy == SearchStrategy.SUCCESSIVE_HALVING
                ? halving(trials, epochs, schedule)
                : List.of(new Rung(epochs, trials));
    }

    /**
     * Ends at {@code (2ᵏ − 1) / (2ᶜ − 1)} of the epochs for the last four of c cycles, where the learning rate of a {@link
     * LearningRateSchedule.CosLog} is 0 and networks can be compared; c = 4 for other schedules. A third of the trials goes on
     * after the first rung, then one half.
     */
    private static List<Rung> halving(int trials, int epochs, LearningRateSchedule schedule) {
        int cycles = schedule instanceof LearningRateSchedule.CosLog cosLog ? cosLog.cycles() : CYCLES;
        double whole = (1L << cycles) - 1;
        List<Rung> rungs = new ArrayList<>();
        int left = trials;
        int before = 0;
        for (int cycle = Math.max(1, cycles - CYCLES + 1); cycle <= cycles; cycle++) {
            int reached = (int) (epochs * ((1L << cycle) - 1) / whole);
            if (reached > before) {
                rungs.add(new Rung(reached, left));
                int kept = (int) Math.ceil(left / (double) (rungs.size() == 1 ? FIRST_REDUCTION : REDUCTION));
                left = Math.max(kept, Math.min(trials, LEAST));
                before = reached;
            }
        }
        return rungs;
    }
}
