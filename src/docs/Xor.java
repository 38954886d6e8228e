import io.backprop.engine.*;
import java.util.Arrays;

/** Trains a network to compute the exclusive or. */
public class Xor {
    public static void main(String[] args) {
        Matrix inputs = Matrix.of(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
        Examples examples = Examples.ofClasses(inputs, new int[] {0, 1, 1, 0});
        LayerSpec hidden = new LayerSpec(8, Activation.TANH);
        LayerSpec output = new LayerSpec(2, Activation.SOFTMAX);
        NetworkSpec spec = NetworkSpec.of(2, new Loss.CategoricalCrossentropy(), hidden, output);
        Network untrained = Network.initialize(spec, 42);
        TrainingPlan plan = TrainingPlan.adam(0.05f).withEpochs(300).withSeed(42);
        Trainer trainer = Trainer.start(untrained, plan, TrainingData.of(examples));
        Network network = trainer.train(TrainingListener.NONE).network();
        System.out.println(Arrays.toString(network.predictClasses(inputs)));
    }
}
