package io.backprop.spark;

import java.time.Duration;

/** A kind of work that the service hands out to drivers, one claim at a time. */
interface Work {

    /**
     * Claims the next piece of work and carries it out. Whatever goes wrong with the work is reported to the service.
     *
     * @param wait how long the service may wait for work to hand out
     * @return false if there was none
     * @throws InterruptedException if the driver shuts down
     * @throws ServiceException if nothing could be claimed
     */
    boolean doNext(Duration wait) throws InterruptedException;
}
