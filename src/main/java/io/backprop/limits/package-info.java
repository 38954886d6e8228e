/**
 * Limits on requests. {@link io.backprop.limits.RequestLimits} bounds the cost of a single request; each limit is checked
 * before memory is allocated. {@link io.backprop.limits.MemoryBudget} bounds the heap that requests and trainings use
 * together, {@link io.backprop.limits.ComputeBudget} the large requests that compute at the same time.
 */
@NullMarked
package io.backprop.limits;

import org.jspecify.annotations.NullMarked;
