package io.backprop.store;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.backprop.engine.Optimizer;

/** An optimizer as it is stored. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(name = "sgd", value = OptimizerDocument.Sgd.class),
    @JsonSubTypes.Type(name = "rmsprop", value = OptimizerDocument.RmsProp.class),
    @JsonSubTypes.Type(name = "adam", value = OptimizerDocument.Adam.class),
    @JsonSubTypes.Type(name = "adamw", value = OptimizerDocument.AdamW.class)
})
sealed interface OptimizerDocument {

    Optimizer toOptimizer();

    static OptimizerDocument of(Optimizer optimizer) {
        if (optimizer instanceof Optimizer.Sgd sgd) {
            return new Sgd(sgd.momentum(), sgd.nesterov());
        }
        if (optimizer instanceof Optimizer.RmsProp rms) {
            return new RmsProp(rms.rho(), rms.epsilon());
        }
        if (optimizer instanceof Optimizer.Adam adam) {
            return new Adam(adam.beta1(), adam.beta2(), adam.epsilon());
        }
        Optimizer.AdamW adam = (Optimizer.AdamW) optimizer;
        return new AdamW(adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay());
    }

    record Sgd(float momentum, boolean nesterov) implements OptimizerDocument {
        @Override
        public Optimizer toOptimizer() {
            return new Optimizer.Sgd(momentum, nesterov);
        }
    }

    record RmsProp(float rho, float epsilon) implements OptimizerDocument {
        @Override
        public Optimizer toOptimizer() {
            return new Optimizer.RmsProp(rho, epsilon);
        }
    }

    record Adam(float beta1, float beta2, float epsilon) implements OptimizerDocument {
        @Override
        public Optimizer toOptimizer() {
            return new Optimizer.Adam(beta1, beta2, epsilon);
        }
    }

    record AdamW(float beta1, float beta2, float epsilon, float weightDecay) implements OptimizerDocument {
        @Override
        public Optimizer toOptimizer() {
            return new Optimizer.AdamW(beta1, beta2, epsilon, weightDecay);
        }
    }
}
