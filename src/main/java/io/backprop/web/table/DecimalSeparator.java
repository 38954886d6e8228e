package io.backprop.web.table;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.backprop.tabular.CellFormat;

/** The character before the decimals of a number. */
public enum DecimalSeparator {
    @JsonProperty(".")
    POINT,
    @JsonProperty(",")
    COMMA;

    /** The one of a format. */
    public static DecimalSeparator of(CellFormat format) {
        return format.decimalComma() ? COMMA : POINT;
    }
}
