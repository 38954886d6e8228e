package io.backprop.tabular;

import java.util.List;

/** The target of a fitted table. */
public sealed interface FittedTarget {

    /** Names of classes, sorted: by value if all are numbers, else by code point. */
    record Classes(List<ClassCount> classes) implements FittedTarget {
        public Classes {
            classes = List.copyOf(classes);
        }

        public List<String> names() {
            return classes.stream().map(ClassCount::name).toList();
        }
    }

    /**
     * A class of a target.
     *
     * @param training number of rows for training
     * @param validation number of rows for validation
     */
    record ClassCount(String name, long training, long validation) {}

    /**
     * Numbers or dates.
     *
     * @param summary of the rows for training, not scaled
     * @param likelyClasses how many different integers the target has, if they probably are classes; 0 if they are not
     */
    record Numbers(TargetUnit unit, NumberSummary summary, int likelyClasses) implements FittedTarget {}
}
