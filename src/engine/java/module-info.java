import org.jspecify.annotations.NullMarked;

/**
 * Feed-forward networks trained by gradient descent, in plain Java.
 *
 * <p>Does not require the module of the Vector API, because compilers would warn of it: the kernels read it if it is there.
 */
@NullMarked
module io.backprop.engine {
    requires jdk.management; // for the options of HotSpot
    requires static org.jspecify;

    exports io.backprop.engine;
}
