package io.backprop.spark;

import org.jspecify.annotations.Nullable;

/** Ends the work of the driver when its process is terminated. Run by a shutdown hook. */
final class Shutdown implements Runnable {

    private @Nullable Thread worker;
    private @Nullable Claim claim; // that is worked on
    private boolean requested;

    /** The thread begins to work. */
    synchronized void begin(Thread thread) {
        worker = thread;
    }

    /** The thread has ended its work. */
    synchronized void end() {
        worker = null;
        notifyAll();
    }

    /** Stops this claim on shutdown, instead of interrupting the thread that works, which calls this. */
    synchronized void protect(Claim claimed) {
        claim = claimed;
        if (requested) {
            Thread.interrupted(); // so that it can still release the claim
            claimed.stop(Claim.Stop.SHUTDOWN);
        }
    }

    /** The claim is not worked on any more. */
    synchronized void release() throws InterruptedException {
        claim = null;
        if (requested) {
            throw new InterruptedException("the driver shuts down");
        }
    }

    /** Stops the work and waits for its end. */
    @Override
    public synchronized void run() {
        requested = true;
        try {
            if (claim != null) {
                claim.stop(Claim.Stop.SHUTDOWN);
            } else if (worker != null) {
                worker.interrupt();
            }
            while (worker != null) {
                wait();
            }
        } catch (InterruptedException e) { // the time is over
            Thread.currentThread().interrupt();
        }
    }
}
