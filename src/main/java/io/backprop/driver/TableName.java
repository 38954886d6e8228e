package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.regex.Pattern;

/**
 * The name of a table: a folder directly under the one that a driver is started with. It is never a path or an address, and
 * none of the names that Spark treats as hidden.
 */
public final class TableName {

    public static final int MAX_LENGTH = 100;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (MAX_LENGTH - 1) + "}");

    private TableName() {}

    /**
     * Checks a name.
     *
     * @param argument for the message
     * @return the name
     */
    public static String require(String argument, String name) {
        requireArgument(
                NAME.matcher(name).matches(),
                "%s must be the name of a folder, of up to %d letters, digits, '.', '_' and '-' that begin with a"
                        + " letter or a digit, but was \"%s\"",
                argument,
                MAX_LENGTH,
                name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH) + '…');
        return name;
    }
}
