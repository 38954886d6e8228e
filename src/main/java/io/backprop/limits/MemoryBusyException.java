package io.backprop.limits;

/** Other requests and trainings use the memory that a request needs. */
public class MemoryBusyException extends BusyException {

    private static final long serialVersionUID = 1;

    public MemoryBusyException() {
        super("not enough memory for this request at the moment");
    }
}
