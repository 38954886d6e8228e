package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cell that a message refers to.
 *
 * @param place of its row
 * @param text of which only the beginning is kept, because it may be long and is kept for many columns
 */
record CellReference(RowPlace place, String column, String text) {

    private static final int MAX_LENGTH = StringDictionary.MAX_LENGTH + 1; // tells that it exceeds the maximum

    CellReference {
        text = text.substring(0, Math.min(text.length(), MAX_LENGTH));
    }

    /** The one whose row comes first. */
    static @Nullable CellReference first(@Nullable CellReference a, @Nullable CellReference b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.place.compareTo(b.place) <= 0 ? a : b;
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeUTF(place.source());
        out.writeLong(place.line());
        out.writeLong(place.row());
        out.writeUTF(text);
    }

    static CellReference readFrom(DataInput in, String column) throws IOException {
        RowPlace place = new RowPlace(in.readUTF(), in.readLong(), in.readLong());
        return new CellReference(place, column, in.readUTF());
    }

    /** @param rule the part of the message after the column's name */
    TableException violates(String rule) {
        return TableException.invalid("%s: column %s %s", place, quote(column), rule);
    }

    /**
     * The cell is no number, or no date.
     *
     * @param remedy another one than the option to take such cells as missing; may be empty
     */
    TableException notA(InferredColumn.Type numeric, CellParser parser, String remedy) {
        String ambiguity = parser.ambiguity(text);
        String problem;
        if (numeric == InferredColumn.Type.DATES) {
            problem = "must be a date in %s, but is %s".formatted(parser.dateFormats(), quote(text));
        } else if (ambiguity.isEmpty()) {
            problem = "must be a number, but is " + quote(text);
        } else {
            problem = "must be a number, but %s %s".formatted(quote(text), ambiguity);
        }
        String other = parser.invalidCells() == InvalidCells.MISSING
                ? ""
                : "; invalidCells=missing takes such cells as missing";
        return violates(problem + other + (remedy.isEmpty() ? "" : (other.isEmpty() ? "; " : ", ") + remedy));
    }

    /** The warning that this cell, the first of some, is taken as missing. */
    String takenAsMissing(InferredColumn.Type numeric, long cells) {
        String kind = numeric == InferredColumn.Type.DATES ? "date" : "number";
        String what =
                cells == 1 ? "1 cell that is not a " + kind + " is" : cells + " cells that are not " + kind + "s are";
        return "column %s: %s taken as missing, such as %s in %s".formatted(quote(column), what, quote(text), place);
    }

    TableException notAClass(List<String> classes) {
        return violates("must be one of %s, but is %s".formatted(quote(classes), quote(text)));
    }
}
