namespace Lowrank.Adapters.Tests;

/// <summary>A fresh adapter over the layers that a pattern chooses.</summary>
public sealed class AdaptTests : IDisposable
{
    readonly SequenceModel network = new(new Linear(6, 6), nn.Conv1d(6, 6, 1), new Linear(6, 6));
    readonly ModelDescription model;

    public AdaptTests() => model = network.Describe();

    public void Dispose() => network.Dispose();

    [Theory]
    [InlineData("*", 3), InlineData("kind:linear", 2), InlineData("0", 1), InlineData("0, 2", 2), InlineData("/[12]/", 2), InlineData("kind:conv1d", 1)]
    public void ThePatternChoosesLayers(string pattern, int count)
    {
        using var attachment = model.Adapt(pattern, new LoraOptions(2), name: "ink");
        Assert.Equal(count, attachment.Adapter.Targets.Count);
        Assert.Equal(count, model.Components[0].Targets.Count(t => t.Layer.Host is not null));
        Assert.All(attachment.Adapter.Targets.Values, r => Assert.Equal("lora", r.Method.Name));
        Assert.Equal("ink", attachment.Adapter.Name);
    }

    [Fact]
    public void AnotherMethodTakesTheOptionsOfEveryMethod()
    {
        using var attachment = model.Adapt("*", new MethodOptions(2), Loha.Descriptor);
        Assert.All(attachment.Adapter.Targets.Values, r => Assert.Equal(Loha.Descriptor, r.Method));
    }

    [Fact]
    public void TheAdapterIsFreedWithTheAttachment() => LeakGuard.NoTensorLeaks(() =>
    {
        using (model.Adapt("kind:linear", new LoraOptions(2)))
        {
        }
        Assert.All(model.Components[0].Targets, t => Assert.Null(t.Layer.Host));
    });

    [Theory, InlineData("to_q"), InlineData("*, to_q"), InlineData("kind:conv3d")]
    public void APatternThatChoosesNothingIsRefusedAndNothingIsAttached(string pattern)
    {
        var error = Assert.Throws<LowrankException>(() => model.Adapt(pattern, new LoraOptions(2)));
        Assert.Contains("chooses no layer", error.Message, StringComparison.Ordinal);
        Assert.All(model.Components[0].Targets, t => Assert.Null(t.Layer.Host));
    }
}
