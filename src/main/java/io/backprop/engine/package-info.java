/** The numeric engine. */
@NullMarked
package io.backprop.engine;

import org.jspecify.annotations.NullMarked;
