package io.backprop.web.table;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The character before the decimals of a number. */
public enum DecimalSeparator {
    @JsonProperty(".")
    POINT,
    @JsonProperty(",")
    COMMA
}
