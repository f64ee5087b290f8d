namespace Lowrank.Adapters.Tests;

/// <summary>An optimizer's state finds its parameters by target and part, in whatever order they are given.</summary>
public sealed class OptimizerStateTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly TemporaryFolder folder = new();
    readonly nn.Module<Tensor, Tensor> net = nn.Sequential([.. Enumerable.Range(0, 12).Select(_ => nn.Linear(4, 4))]);
    readonly ModelDescription model;
    readonly Tensor x = randn([3, 4], generator: new Generator(1), device: CPU);

    public OptimizerStateTests() => model = ModelDescription.Of(net);

    public void Dispose()
    {
        net.Dispose();
        folder.Dispose();
        scope.Dispose();
    }

    void Step(FusedAdamW optimizer)
    {
        optimizer.ZeroGrad();
        (net.call(x) - 1).square().sum().backward();
        optimizer.Step();
    }

    static FusedAdamW Over(Adapter adapter) => new([new ParameterGroup([.. adapter.Trainable], 0.01)]);

    [Fact]
    public void TrainingGoesOnFromFilesAsItWouldHaveGoneOn()
    {
        string state = folder.File("state.safetensors"), file = folder.File("adapter.safetensors");
        Dictionary<string, Tensor> wanted;
        using (var first = model.Adapt("*", new LoraOptions(2)))
        using (var optimizer = Over(first.Adapter))
        {
            for (int i = 0; i < 5; i++) Step(optimizer);
            optimizer.Save(state);
            AdapterFile.Write(file, first.Adapter, model);
            for (int i = 0; i < 5; i++) Step(optimizer);
            wanted = first.Adapter.Targets.ToDictionary(t => t.Key, t => t.Value.Parts[0].Value.detach().clone());
        }
        using var read = AdapterFile.Read(file, model);
        Assert.Equal(model.Components[0].Targets.Select(t => t.Target.Path), read.Targets.Keys);
        using var attachment = model.Attach(read);
        // In an order of its own.
        using var resumed = new FusedAdamW([new ParameterGroup([.. read.Trainable.Reverse()], 0.01)]);
        resumed.Load(state);
        for (int i = 0; i < 5; i++) Step(resumed);
        Assert.All(wanted, part => Close.Same(part.Value, read.Targets[part.Key].Parts[0].Value));
    }

    [Fact]
    public void AFileOfAnotherIsReplacedWhereThatIsSaidAlone()
    {
        string state = folder.File("precious.safetensors");
        File.WriteAllText(state, "precious");
        using var attachment = model.Adapt("*", new LoraOptions(2));
        using var optimizer = Over(attachment.Adapter);
        Step(optimizer);
        var error = Assert.Throws<LowrankException>(() => optimizer.Save(state));
        Assert.Equal($"{state} exists already: choose another name, or say overwrite: true", error.Message);
        Assert.Equal("precious", File.ReadAllText(state));
        optimizer.Save(state, overwrite: true);
        optimizer.Save(state);
        optimizer.Load(state);
    }

    [Fact]
    public void GradientsOfARemovedAdapterAreForgottenWithASentence()
    {
        var attachment = model.Adapt("*", new LoraOptions(2));
        using var optimizer = Over(attachment.Adapter);
        attachment.Dispose();
        var error = Assert.Throws<LowrankException>(optimizer.ZeroGrad);
        Assert.Contains("has been disposed: was its adapter removed?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StateStandsUnderTargetAndPart()
    {
        using var attachment = model.Adapt("0", new LoraOptions(2) { Dropout = 0.1, TrainBias = true });
        using var optimizer = Over(attachment.Adapter);
        Step(optimizer);
        var names = optimizer.StateDict().Keys.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(9, names.Count);
        Assert.All(names, name => Assert.StartsWith("model.0/", name, StringComparison.Ordinal));
        Assert.Contains("model.0/down.exp_avg", names);
        Assert.Contains("model.0/bias.exp_avg_sq", names);
    }

    // Group and place, as of an optimizer whose parameters have no names: which layer the third was, nobody can say.
    [Fact]
    public void AStateThatNamesParametersByTheirPlaceIsRefusedAndNothingIsPutBack()
    {
        using var attachment = model.Adapt("0", new LoraOptions(2));
        using var optimizer = Over(attachment.Adapter);
        Step(optimizer);
        var own = optimizer.StateDict();
        var places = own.Keys.Select(name => name[..name.LastIndexOf('.')]).Distinct().ToList();
        var old = own.ToDictionary(pair => $"0.{places.IndexOf(pair.Key[..pair.Key.LastIndexOf('.')])}{pair.Key[pair.Key.LastIndexOf('.')..]}", pair => pair.Value * 2);
        Assert.Contains("0.1.exp_avg_sq", old.Keys);
        string told = Assert.Throws<LowrankException>(() => optimizer.LoadStateDict(old)).Message;
        Assert.Contains("model.0/down.exp_avg", told, StringComparison.Ordinal);
        Assert.Contains("0.0.exp_avg", told, StringComparison.Ordinal);
        Assert.Contains("over the same adapter", told, StringComparison.Ordinal);
        Assert.All(optimizer.StateDict(), pair => Close.Same(own[pair.Key], pair.Value));
    }

    [Fact]
    public void AStateOfOtherParametersIsRefusedWithBothLists()
    {
        using var few = model.Adapt("0, 1", new LoraOptions(2));
        using var optimizer = Over(few.Adapter);
        Step(optimizer);
        var state = optimizer.StateDict();
        using var others = AdapterFactory.Create(model.Components[0].Targets.Take(3).Skip(1).Select(t => t.Target), new LoraOptions(2));
        using var other = Over(others);
        var error = Assert.Throws<LowrankException>(() => other.LoadStateDict(state));
        Assert.Contains("model.2/down.step", error.Message, StringComparison.Ordinal);
        Assert.Contains("model.0/down.step", error.Message, StringComparison.Ordinal);
        using var larger = AdapterFactory.Create(model.Components[0].Targets.Take(2).Select(t => t.Target), new LoraOptions(3));
        using var wide = Over(larger);
        Assert.Contains("another rank", Assert.Throws<LowrankException>(() => wide.LoadStateDict(state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParametersWithoutANameAreCounted()
    {
        using var head = nn.Linear(4, 4);
        using var optimizer = new FusedAdamW([new ParameterGroup([head.weight!, head.bias!], 0.1)]);
        Assert.Contains("0.1.exp_avg", optimizer.StateDict().Keys);
    }
}
