namespace Lowrank.Extending.Tests;

/// <summary>A method that lives outside the library is attached, trained, merged, written and read like any other.</summary>
public sealed class MethodTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly nn.Module<Tensor, Tensor> network;
    readonly ModelDescription model;
    readonly Tensor x, wanted;

    public MethodTests()
    {
        var generator = new Generator(3);
        network = nn.Sequential(("first", nn.Linear(6, 8)), ("second", nn.Linear(8, 4)));
        model = ModelDescription.Of(network);
        (x, wanted) = (randn([5, 6], generator: generator), randn([5, 4], generator: generator));
    }

    public void Dispose()
    {
        network.Dispose();
        scope.Dispose();
    }

    Attachment Adapted() => model.Adapt("*", MethodOptions, Named.Method, new Generator(4));

    static MethodName Named => MethodNames.Named("Outer_Product");

    static MethodOptions MethodOptions => Named.Options(new MethodOptions(1), []);

    Tensor Loss() => nn.functional.mse_loss(network.call(x), wanted);

    // A few steps by the library's own optimizer.
    void Train(Adapter adapter)
    {
        using var optimizer = new FusedAdamW([new ParameterGroup([.. adapter.Trainable], 0.05)]);
        for (int step = 0; step < 5; step++)
        {
            optimizer.ZeroGrad();
            Loss().backward();
            Backward.Rethrow();
            optimizer.Step();
        }
    }

    [Fact]
    public void ItIsFoundByItsNameAmongTheOthers()
    {
        Assert.Same(OuterProduct.Descriptor, Methods.Named("outer product"));
        Assert.Same(OuterProduct.Descriptor, Named.Method);
        Assert.Same(OuterProduct.Descriptor, Methods.All[^1]);
    }

    [Fact]
    public void ItChangesNothingAtFirstAndLearns()
    {
        var before = network.call(x);
        using var attachment = Adapted();
        Assert.True(before.allclose(network.call(x)));
        double first = Loss().ToDouble();
        Train(attachment.Adapter);
        attachment.AssertUsed();
        Assert.True(Loss().ToDouble() < 0.9 * first);
    }

    [Fact]
    public void MergedItGivesWhatItGaveAttached()
    {
        using var attachment = Adapted();
        Train(attachment.Adapter);
        var attached = network.call(x).detach();
        model.Merge();
        Assert.True(attached.allclose(network.call(x), rtol: 1e-4, atol: 1e-6));   // another order of sums
        model.Unmerge();
    }

    [Fact]
    public void ItComesBackFromAFileInADialectThatNamesItsParts()
    {
        using var folder = new TemporaryFolder();
        string path = folder["outer.safetensors"];
        using var attachment = Adapted();
        Train(attachment.Adapter);
        AdapterFile.Write(path, attachment.Adapter, model, "transposed");

        using var read = AdapterFile.Read(path, model);
        foreach (var (target, made) in attachment.Adapter.Targets)
        {
            var back = Assert.IsType<OuterProduct>(read.Targets[target]);
            Assert.All(made.Parts.Zip(back.Parts), pair => Assert.True(pair.First.Value.equal(pair.Second.Value).all().ToBoolean()));
        }
    }

    [Fact]
    public void ARunTrainsItAndSavesItInTheDialectThatNamesItsParts()
    {
        using var tiny = new TinyRun();
        var result = TinyRun.Run(tiny.Recipe("outer", "method: outer-product"));
        using var file = AdapterFile.Open(result.AdapterPath);
        Assert.Equal("transposed", Dialects.Of(file).Name);
        Assert.Contains(file.Tensors, tensor => tensor.Name.EndsWith("/column", StringComparison.Ordinal) && file.Read(tensor.Name).count_nonzero().ToInt64() > 0);
        Assert.Equal("lowrank.outer-product", file.Metadata["ss_network_module"]);
        using var sd = StableDiffusion.Load(TinyRun.ModelFolder, new Storage());
        using var read = AdapterFile.Read(file, sd.Describe());
        Assert.All(read.Targets.Values, made => Assert.IsType<OuterProduct>(made));
    }

    [Theory, InlineData(DoraAxis.Output), InlineData(DoraAxis.Input)]
    public void WrappersOfTheLibraryGoAroundIt(DoraAxis axis)
    {
        using var attachment = model.Adapt("*", MethodOptions with { Dora = axis }, OuterProduct.Descriptor, new Generator(4));
        Train(attachment.Adapter);
        Assert.All(attachment.Adapter.Targets.Values, one => Assert.Equal(["column", "row", "magnitude"], one.Parts.Select(p => p.Part)));
    }
}
