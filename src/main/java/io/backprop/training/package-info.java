/** Trainings: from the request to the published parameters. */
@NullMarked
package io.backprop.training;

import org.jspecify.annotations.NullMarked;
