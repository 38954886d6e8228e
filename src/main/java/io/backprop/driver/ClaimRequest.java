package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

/**
 * Asks for work.
 *
 * @param driver name of the driver, for logs; up to {@value #MAX_LENGTH} printable characters
 */
public record ClaimRequest(String driver) {

    public static final int MAX_LENGTH = 100;

    public ClaimRequest {
        requireArgument(
                !driver.isBlank()
                        && driver.length() <= MAX_LENGTH
                        && driver.chars().noneMatch(Character::isISOControl),
                "driver must be a name of 1 to %d printable characters, but has %d",
                MAX_LENGTH,
                driver.length());
    }
}
