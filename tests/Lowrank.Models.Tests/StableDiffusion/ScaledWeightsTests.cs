using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>Weights with scales beside them.</summary>
public class ScaledWeightsTests
{
    [Fact]
    public void ScalesAreMultipliedInAndNoKeysOfTheirOwn()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = folder["scaled.safetensors"];
        var weight = arange(6, dtype: ScalarType.Float32, device: CPU).view(2, 3);
        Safetensors.Save(path,
        [
            new("layer.weight", weight), new("layer.bias", ones(2, device: CPU)), new("layer.scale_weight", tensor(0.25f, device: CPU)),
            new("layer.scale_input", tensor(3f, device: CPU)), new("other.weight", weight), new("scaled_fp8", empty(0, device: CPU)),
        ]);
        using var file = ScaledWeights.Of(Safetensors.Open(path));
        Assert.Equal(["layer.bias", "layer.weight", "other.weight"], file.Tensors.Select(tensor => tensor.Name).Order());
        Assert.True((weight * 0.25).allclose(file.Read("layer.weight")));
        Assert.True(weight.allclose(file.Read("other.weight")));
        Assert.True(ones(2, device: CPU).allclose(file.Read("layer.bias")));
        Assert.Contains(file.Notes, note => note.StartsWith("1 weights", StringComparison.Ordinal));
    }

    [Fact]
    public void AFileWithoutScalesStaysItself()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        Safetensors.Save(folder["plain.safetensors"], [new("layer.weight", ones(2, device: CPU))]);
        using var file = Safetensors.Open(folder["plain.safetensors"]);
        Assert.Same(file, ScaledWeights.Of(file));
    }
}
