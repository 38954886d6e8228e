package io.backprop.search;

/** How a search chooses its trials and divides its epochs between them. */
public enum SearchStrategy {
    /**
     * Trains all trials for a short time, then the better ones for longer and longer. Karnin et al. 2013, Jamieson and
     * Talwalkar 2016.
     */
    SUCCESSIVE_HALVING,
    /** Trains all trials to the end. Their settings are points of a Sobol sequence, which cover the space evenly. */
    SOBOL,
    /** Trains all combinations of some values of each setting to the end. */
    GRID
}
