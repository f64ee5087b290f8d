namespace Lowrank.Extending.Tests;

/// <summary>A dialect that lives outside the library is written, recognized, read and inspected as its own are.</summary>
public class TransposedDialectTests
{
    [Fact]
    public void ALayerComesBackFromTransposedFactors()
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateTempSubdirectory("lowrank-dialect-");
        try
        {
            string path = Path.Combine(folder.FullName, "adapter.safetensors");
            using var layer = new Linear(5, 7);
            var model = ModelDescription.Of(new Sequence(layer));
            using var adapter = AdapterFactory.Create(model, model.Components[0].Targets.Select(t => t.Target), Lora.Descriptor, new LoraOptions(2, 1));
            using (no_grad())
                foreach (var part in adapter.Trainable) part.copy_(randn_like(part));
            AdapterFile.Write(path, adapter, model, "transposed");

            using var file = AdapterFile.Open(path);
            Assert.Equal("transposed", Dialects.Of(file).Name);
            Assert.Equal([5, 2], file.Tensors.Single(t => t.Name == "model.layer/first").Shape);
            var inspected = Assert.Single(AdapterInspection.Inspect(file).Modules);
            Assert.Equal((2L, 7L, 5L), (inspected.Rank, inspected.Out, inspected.In));

            using var read = AdapterFile.Read(file, model);
            var (want, got) = (ChangeOf(adapter), ChangeOf(read));
            Assert.True(want.allclose(got), "another change came back");
        }
        finally
        {
            folder.Delete(true);
        }
    }

    static Tensor ChangeOf(Adapter adapter) => ((AdditiveReparameterization)adapter.Targets["model.layer"]).Delta(zeros(7, 5));

    sealed class Sequence : nn.Module
    {
        public Sequence(nn.Module layer) : base(nameof(Sequence)) => register_module("layer", layer);
    }
}
