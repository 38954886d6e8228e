/** The Open Inference Protocol over HTTP, under {@code /v2}. */
@NullMarked
package io.backprop.openinference.web;

import org.jspecify.annotations.NullMarked;
