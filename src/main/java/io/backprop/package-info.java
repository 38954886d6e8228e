/** Starts the service; each package below is one thing it knows. */
@NullMarked
package io.backprop;

import org.jspecify.annotations.NullMarked;
