package io.backprop.prediction;

import io.backprop.driver.ClaimLostException;

/**
 * The right of a driver to work on a scoring, until another driver has claimed it or it has ended.
 *
 * @param token a random number, so that no lease of a deleted model is one of another model with its id
 */
public record ScoringLease(String model, int number, long token) {

    ClaimLostException lost() {
        return new ClaimLostException("prediction %d of the model \"%s\" for a table".formatted(number, model), token);
    }
}
