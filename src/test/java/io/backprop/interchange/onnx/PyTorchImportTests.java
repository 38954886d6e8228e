package io.backprop.interchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Requirement;
import io.backprop.engine.Activation;
import io.backprop.engine.LayerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports networks that PyTorch has exported. */
class PyTorchImportTests {

    private static final String EXPORT = """
        import sys
        import torch
        from torch import nn

        class Reshaped(nn.Module):
            def __init__(self, network):
                super().__init__()
                self.network = network

            def forward(self, x):
                return self.network(x.view(x.size(0), -1)).squeeze(1)

        def export(name, network, inputs, free_rows=True):
            axes = {"x": {0: "n"}, "y": {0: "n"}} if free_rows else None
            torch.onnx.export(network.eval(), inputs, f"{sys.argv[1]}/{name}.onnx",
                              input_names=["x"], output_names=["y"], dynamic_axes=axes)

        torch.manual_seed(1)
        activations = nn.Sequential(
            nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 7), nn.Sigmoid(), nn.Linear(7, 7), nn.Tanh(),
            nn.Linear(7, 7), nn.LeakyReLU(), nn.Linear(7, 7), nn.ELU(), nn.Linear(7, 7), nn.SELU(),
            nn.Linear(7, 7), nn.GELU(), nn.Linear(7, 7), nn.SiLU(), nn.Linear(7, 7), nn.Mish(),
            nn.Linear(7, 7), nn.Softplus(), nn.Linear(7, 3, bias=False))
        export("activations", activations, torch.randn(2, 4))
        norm = nn.BatchNorm1d(6)
        with torch.no_grad():
            for values in (norm.running_mean, norm.running_var, norm.weight, norm.bias):
                values.uniform_(0.5, 1.5)
        export("classifier", nn.Sequential(
            nn.Flatten(), nn.Linear(12, 6), norm, nn.ReLU(), nn.Dropout(0.5), nn.Linear(6, 3), nn.Softmax(-1)),
            torch.randn(2, 3, 4))
        regression = nn.Sequential(nn.Linear(6, 5), nn.GELU(), nn.BatchNorm1d(5), nn.Linear(5, 1))
        export("regression", Reshaped(regression), torch.randn(2, 2, 3))
        export("one_row", nn.Sequential(nn.Linear(4, 1), nn.Sigmoid()), torch.randn(1, 4), free_rows=False)
        """;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void export() throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        int status = new ProcessBuilder(Requirement.python("torch", "onnx").toString(), "-c", EXPORT, folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(status).as(Files.readString(log)).isZero();
    }

    private static byte[] file(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name + ".onnx"));
    }

    @Test
    void readsEveryActivation() throws IOException {
        ImportedModel model = Imports.readAndCompare(file("activations"));
        assertThat(model.ensemble().spec().layers())
                .extracting(LayerSpec::activation)
                .containsExactly(
                        Activation.RELU,
                        Activation.SIGMOID,
                        Activation.TANH,
                        Activation.LEAKY_RELU,
                        Activation.ELU,
                        Activation.SELU,
                        Activation.GELU,
                        Activation.SILU,
                        Activation.MISH,
                        Activation.SOFTPLUS,
                        Activation.LINEAR);
    }

    @Test
    void readsAClassifierOfImages() throws IOException {
        ImportedModel model = Imports.readAndCompare(file("classifier"));
        assertThat(model.ensemble().spec().layers())
                .extracting(LayerSpec::activation)
                .containsExactly(Activation.RELU, Activation.SOFTMAX);
    }

    @Test
    void readsShapesThatAreComputed() throws IOException {
        ImportedModel model = Imports.readAndCompare(file("regression"));
        assertThat(model.ensemble().spec().inputs()).isEqualTo(6);
        assertThat(model.ensemble().spec().outputs()).isEqualTo(1);
    }

    @Test
    void readsAGraphForASingleRow() throws IOException {
        ImportedModel model = Imports.read(file("one_row"));
        assertThat(model.spec().architecture().classEncoding(1).names()).isEqualTo(List.of("0", "1"));
    }
}
