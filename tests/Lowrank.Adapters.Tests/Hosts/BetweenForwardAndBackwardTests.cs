namespace Lowrank.Adapters.Tests;

/// <summary>What happens to an adapter between a forward pass and its backward pass neither ends the process nor passes in silence.</summary>
public sealed class BetweenForwardAndBackwardTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly SequenceModel net = new(new Linear(8, 8), new Linear(8, 8));
    readonly ModelDescription model;
    readonly Tensor x = randn([3, 8], generator: new Generator(1), device: CPU);

    public BetweenForwardAndBackwardTests()
    {
        using (no_grad())
            foreach (var parameter in net.parameters()) parameter.copy_(randn(parameter.shape, generator: new Generator(2), device: CPU));
        model = ModelDescription.Of(net);
    }

    public void Dispose()
    {
        net.Dispose();
        scope.Dispose();
    }

    public static IEnumerable<TheoryDataRow<string, MethodOptions>> Methods =>
    [
        .. from method in Lowrank.Methods.All
           where method.Refuses(new Target("example", LayerKind.Linear, [8, 8]), method.OwnOptions(new MethodOptions(4))) is null
               && method != Replacement.Descriptor
           select new TheoryDataRow<string, MethodOptions>(method.Name, new MethodOptions(4)),
        new("lora", new LoraOptions(2) { Dora = DoraAxis.Output }),
        new("lora", new LoraOptions(2) { Dora = DoraAxis.Input, DetachDoraNorm = true }),
        new("loha", new MethodOptions(2) { Dora = DoraAxis.Output }),
        new("lora", new LoraOptions(2) { TrainBias = true }),
    ];

    Attachment Adapted(string method, MethodOptions options)
    {
        var attachment = model.Adapt("*", options, Lowrank.Methods.Named(method));
        using var grad = no_grad();
        foreach (var part in attachment.Adapter.Trainable) part.copy_(randn(part.shape, generator: new Generator(3), device: CPU) * 0.3);
        return attachment;
    }

    [Theory, MemberData(nameof(Methods))]
    public void AnAdapterThatIsFreedMeanwhileIsToldOrTrainedToItsEnd(string method, MethodOptions options)
    {
        var input = x.detach().requires_grad_();
        var attachment = Adapted(method, options);
        var loss = net.call(input).square().sum();
        attachment.Dispose();
        var error = Record.Exception(() =>
        {
            loss.backward();
            Backward.Rethrow();
        });
        if (error is not null) Assert.Contains("freed", Assert.IsType<LowrankException>(error).Message, StringComparison.Ordinal);
        else Assert.NotNull(input.grad);
        Backward.Release();
    }

    [Fact]
    public void AMergeMeanwhileIsTold()
    {
        using var attachment = Adapted("loha", new MethodOptions(2));
        var loss = net.call(x).square().sum();
        model.Merge();
        var error = Assert.Throws<LowrankException>(() =>
        {
            loss.backward();
            Backward.Rethrow();
        });
        Assert.Contains("merged or unmerged between", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStepOfWhatIsMergedIsRefusedWithTheAdvice()
    {
        var head = new Linear(8, 1);
        foreach (var parameter in head.parameters()) parameter.normal_().requires_grad_(true);
        using var attachment = Adapted("lora", new LoraOptions(2));
        using var optimizer = new FusedAdamW([new ParameterGroup([.. attachment.Adapter.Trainable, .. head.parameters()], 0.1)]);
        model.Merge();
        head.call(net.call(x)).sum().backward();
        var error = Assert.Throws<LowrankException>(optimizer.Step);
        Assert.Contains("Unmerge", error.Message, StringComparison.Ordinal);
        Assert.Contains("model.0/", error.Message, StringComparison.Ordinal);
        model.Unmerge();
        optimizer.ZeroGrad();
        head.call(net.call(x)).sum().backward();
        optimizer.Step();
        head.Dispose();
    }

    [Fact]
    public void AnotherAdapterIsTrainedOnTopOfWhatIsMerged()
    {
        using var merged = Adapted("lora", new LoraOptions(2));
        model.Merge();
        using var onTop = Adapted("loha", new MethodOptions(2));
        using var optimizer = new FusedAdamW([new ParameterGroup([.. onTop.Adapter.Trainable], 0.1)]);
        net.call(x).sum().backward();
        optimizer.Step();
        onTop.AssertUsed();
    }
}
