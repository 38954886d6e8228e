/**
 * How much may be asked for. {@link io.backprop.security.RequestLimits} bounds what one request may cost, so that
 * nobody's request takes the service away from the others. A limit is checked before memory is allocated for what it
 * bounds. {@link io.backprop.security.MemoryBudget} bounds what all of them take of the heap together.
 */
@NullMarked
package io.backprop.security;

import org.jspecify.annotations.NullMarked;
