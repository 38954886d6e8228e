package io.backprop;

/**
 * The scale of tests under load. By default they are small and check only what does not depend on the speed of the machine;
 * with {@code -Dtest.load=full} they have the size of the documented requirement, and check its times as well.
 */
final class LoadScale {

    private static final boolean FULL = "full".equals(System.getProperty("test.load"));

    private LoadScale() {}

    /** Whether times are checked. */
    static boolean isFull() {
        return FULL;
    }

    static int of(int small, int full) {
        return FULL ? full : small;
    }
}
