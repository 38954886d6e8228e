package io.backprop.engine;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks whether a training is to stop, and remembers why. */
final class StopQuestion {

    private final Supplier<@Nullable StopReason> question;
    private @Nullable StopReason answer;

    StopQuestion(Supplier<@Nullable StopReason> question) {
        this.question = question;
    }

    /** Asks, unless the answer was to stop already. */
    boolean saysStop() {
        if (answer == null) {
            answer = question.get();
        }
        return answer != null;
    }

    /** Why to stop; null as long as nobody said so. */
    @Nullable
    StopReason answer() {
        return answer;
    }
}
