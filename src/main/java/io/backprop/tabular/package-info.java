/** Between what people have, words and columns, and what the engine takes, numbers. */
@NullMarked
package io.backprop.tabular;

import org.jspecify.annotations.NullMarked;
