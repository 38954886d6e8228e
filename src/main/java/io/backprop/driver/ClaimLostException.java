package io.backprop.driver;

/** Work is not, or no longer, claimed under a lease: another driver has claimed it since, or it has ended or was deleted. */
public final class ClaimLostException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param work for the message, such as {@code training 3 of the model "a"} */
    public ClaimLostException(String work, long lease) {
        super("%s is not claimed under lease %d: another driver has claimed it since, or it has ended"
                .formatted(work, lease));
    }
}
