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

    /** {@code z = (x − offset) / factor}, and with a clip {@code z / √(1 + (z/3)²)}. */
    String apply(String x) {
        if (scaling.isIdentity()) {
            return x;
        }
        String wide = graph.cast(name + ".wide", ElementType.DOUBLE, x);
        String difference = graph.add(name + ".difference", "Sub", wide, offsets());
        String quotient = graph.add(name + ".quotient", "Div", difference, factors());
        return graph.cast(name + ".scaled", ElementType.FLOAT, scaling.clips() ? clip(quotient) : quotient);
    }

    private String clip(String z) {
        String share = graph.add(name + ".share", "Div", z, graph.constant(name + ".clip", new double[] {3}));
        String square = graph.add(name + ".square", "Mul", share, share);
        String sum = graph.add(name + ".plusOne", "Add", square, graph.constant(name + ".one", new double[] {1}));
        String root = graph.add(name + ".root", "Sqrt", sum);
        return graph.add(name + ".clipped", "Div", z, root);
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
