using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Graphs.Tests;

/// <summary>Weights that stand in for a base's own are taken back, also where something fails.</summary>
public sealed class MixedWeightsTests
{
    static StableDiffusion Model(string name)
    {
        string folder = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", name);
        var model = StableDiffusion.Load(folder, Lowrank.Torch.Layers.Storage.Default);
        _ = model.Describe();   // keeps what it finds
        return model;
    }

    static MixedWeights With(StableDiffusion second) => new(ModelSide.Network, [], new(second, CPU), [], _ => (0.25, 0.75));

    static float[] First(StableDiffusion model) =>
        EffectiveWeights.Of(model, ModelSide.Network).First().Weight.to(ScalarType.Float32).contiguous().data<float>().ToArray();

    [Fact]
    public void AMixtureStandsInUntilItIsDisposedOf()
    {
        using var model = Model("sd1");
        using var scope = NewDisposeScope();
        float[] before = First(model);
        EffectiveWeights.Of(model, ModelSide.Network).First().Weight.fill_(0);
        using var zero = Model("sd1");
        LeakGuard.NoTensorLeaks(() =>
        {
            using (With(zero).Apply(model))
            {
                using var inner = NewDisposeScope();
                Assert.Equal(before.Select(value => value * 0.75f), First(model));
            }
        });
        Assert.All(First(model), value => Assert.Equal(0, value));
    }

    [Fact]
    public void ModelsOfOtherShapesAreToldAndNothingIsLeftBehind()
    {
        using var model = Model("sd1");
        using var other = Model("sdxl");
        LeakGuard.NoTensorLeaks(() =>
        {
            var error = Assert.Throws<LowrankException>(() => With(other).Apply(model));
            Assert.Contains("models of other shapes cannot be mixed", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void AModelWhoseReplacementFailsHalfWayHasItsOwnWeightsAgain()
    {
        using var model = Model("sd1");
        using var scope = NewDisposeScope();
        float[] before = First(model);
        var values = EffectiveWeights.Of(model, ModelSide.Network).Take(1).ToDictionary(own => own.Path, own => zeros_like(own.Weight));
        LeakGuard.NoTensorLeaks(() => Assert.Throws<KeyNotFoundException>(() => new ReplacedWeights(model, ModelSide.Network, values)));
        Assert.Equal(before, First(model));
    }
}
