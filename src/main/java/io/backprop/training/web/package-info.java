/**
 * Trainings and cross-validations over HTTP: begin, wait, look, listen, cancel. The wait is the request's; the training goes on without it.
 * Listeners are told what {@code TrainingEvents} sees when it looks ten times a second; the training knows nothing of
 * them.
 */
@NullMarked
package io.backprop.training.web;

import org.jspecify.annotations.NullMarked;
