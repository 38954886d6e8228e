/**
 * Trainings over HTTP: begin, wait, look, cancel. The wait is the request's; the training goes on without it.
 */
@NullMarked
package io.backprop.training.web;

import org.jspecify.annotations.NullMarked;
