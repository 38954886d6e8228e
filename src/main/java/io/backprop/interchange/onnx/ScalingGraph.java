package io.backprop.interchange.onnx;

import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Scaling;
import java.util.function.ToDoubleFunction;

/** The part of a graph that scales the columns of a matrix. It computes in double and rounds to float, as the service does. */
final class ScalingGraph {

    private final GraphBuilder graph;
    private final String name;
    private final Scaling scaling;

    /** @param name the beginning of the names of values */
    ScalingGraph(GraphBuilder graph, String name, Scaling scaling) {
        this.graph = graph;
        this.name = name;
        this.scaling = scaling;
    }

    /** {@code (x − offset) / factor}. */
    String apply(String x) {
        if (scaling.isIdentity()) {
            return x;
        }
        String wide = graph.cast(name + ".wide", ElementType.DOUBLE, x);
        String difference = graph.add(name + ".difference", "Sub", wide, offsets());
        String quotient = graph.add(name + ".quotient", "Div", difference, factors());
        return graph.cast(name + ".scaled", ElementType.FLOAT, quotient);
    }

    /** {@code x·factor + offset}. */
    String invert(String x) {
        if (scaling.isIdentity()) {
            return x;
        }
        String wide = graph.cast(name + ".wide", ElementType.DOUBLE, x);
        String product = graph.add(name + ".product", "Mul", wide, factors());
        String sum = graph.add(name + ".sum", "Add", product, offsets());
        return graph.cast(name + ".unscaled", ElementType.FLOAT, sum);
    }

    private String offsets() {
        return graph.constant(name + ".offsets", values(ColumnScaling::offset));
    }

    private String factors() {
        return graph.constant(name + ".factors", values(ColumnScaling::factor));
    }

    private double[] values(ToDoubleFunction<ColumnScaling> value) {
        return scaling.columns().stream().mapToDouble(value).toArray();
    }
}
