package io.backprop.training;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** The last trainings of one model. */
final class ModelTrainings {

    private static final int KEPT = 20;

    private final Deque<TrainingRun> runs = new ArrayDeque<>();
    private int lastNumber;

    /** Adds what is made with the next number. */
    synchronized TrainingRun add(IntFunction<TrainingRun> make) {
        lastNumber++;
        TrainingRun run = make.apply(lastNumber);
        runs.addFirst(run);
        if (runs.size() > KEPT) {
            runs.removeLast();
        }
        return run;
    }

    /** As if it had not been added, but its number is not given again. */
    synchronized void remove(TrainingRun run) {
        runs.remove(run);
    }

    synchronized int lastNumber() {
        return lastNumber;
    }

    synchronized List<TrainingRun> newestFirst() {
        return List.copyOf(runs);
    }

    synchronized Optional<TrainingRun> find(int number) {
        return runs.stream().filter(run -> run.number() == number).findFirst();
    }
}
