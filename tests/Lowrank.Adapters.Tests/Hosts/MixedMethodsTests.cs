namespace Lowrank.Adapters.Tests;

/// <summary>Rows of one batch with adapters of different methods and layers, and blocks within blocks.</summary>
public sealed class MixedMethodsTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly SequenceModel network;
    readonly ModelDescription model;
    readonly List<Adapter> adapters = [];

    public MixedMethodsTests()
    {
        random.manual_seed(7);
        network = new SequenceModel(new Linear(6, 6), new Linear(6, 6));
        using (no_grad())
            foreach (var parameter in network.parameters()) parameter.normal_();
        model = network.Describe();
    }

    public void Dispose()
    {
        foreach (var (_, layer) in model.Components[0].Targets) layer.Host = null;
        adapters.ForEach(adapter => adapter.Dispose());
        network.Dispose();
        scope.Dispose();
    }

    Adapter Trained(string method, ModelDescription? of = null, Func<Target, bool>? where = null)
    {
        of ??= model;
        var name = MethodNames.Named(method);
        var adapter = AdapterFactory.Create(
            of, of.Components[0].Targets.Select(t => t.Target).Where(where ?? (_ => true)), name.Method, name.Options(new LoraOptions(2, 1), []), name: method);
        using var grad = no_grad();
        foreach (var part in adapter.Trainable) part.normal_().mul_(0.3);
        adapters.Add(adapter);
        return adapter;
    }

    // What each row gives alone, with its own attachment and none beside it.
    static Tensor Alone(nn.Module<Tensor, Tensor> network, IReadOnlyList<Attachment?> rows, IReadOnlyList<Attachment> all, Tensor x)
    {
        var answers = rows.Index().Select(row =>
        {
            var off = all.Where(a => a != row.Item).Select(a => a.Disabled()).ToList();
            var answer = network.call(x.narrow(0, row.Index, 1));
            off.ForEach(block => block.Dispose());
            return answer;
        });
        return cat([.. answers]);
    }

    // LoRA beside the layer; the others with a weight of their own, and all rows by such ones too.
    [Theory]
    [InlineData("lora", "lora"), InlineData("lora", "ia3"), InlineData("oft", "lokr"), InlineData("dora", "loha"), InlineData("glora", "full")]
    public void EachRowIsAsIfAloneWithValuesAndGradients(string one, string other)
    {
        var (a, b) = (model.Attach(Trained(one), 0.8), model.Attach(Trained(other)));
        Check([a, null, b, a]);
        Check([b, a, a, b]);
        Check([a, a, a, a]);
        Check([null, null, null, null]);

        void Check(Attachment?[] rows)
        {
            var x = randn(rows.Length, 3, 6).requires_grad_();
            var g = randn(rows.Length, 3, 6);
            Tensor[] leaves = [x, .. adapters.SelectMany(adapter => adapter.Trainable)];
            var expected = Alone(network, rows, [a, b], x);
            var expectedGradients = autograd.grad([expected], leaves, [g], allow_unused: true);
            using (model.PerRow(rows))
            {
                var y = network.call(x);
                Close.Equal(expected, y);
                foreach (var (want, got) in expectedGradients.Zip(autograd.grad([y], leaves, [g], allow_unused: true)))
                    Close.Equal(OrZero(want), OrZero(got));
                using (no_grad()) Close.Equal(expected, network.call(x));
            }
        }
    }

    // Of what takes no part there is no gradient.
    static Tensor OrZero(Tensor? gradient) => gradient is null || gradient.IsInvalid ? zeros(1) : gradient;

    [Fact]
    public void LayersOfTorchSharpTakeRowsToo()
    {
        using var own = nn.Sequential(nn.Embedding(9, 4), nn.Conv1d(5, 4, 3, padding: 1), nn.Flatten(), nn.Linear(16, 3));
        var description = ModelDescription.Of(own);
        var (a, b) = (description.Attach(Trained("lora", description)), description.Attach(Trained("lora", description), 0.5));
        Attachment?[] rows = [b, a, null, a, b];
        var ids = randint(0, 9, [5, 5]);
        var expected = Alone(own, rows, [a, b], ids);
        using (description.PerRow(rows)) Close.Equal(expected, own.call(ids));
        Assert.False(expected[0].allclose(expected[2]));
        a.Detach();
        b.Detach();
    }

    [Fact]
    public void ConvolutionsTakeRows()
    {
        using var own = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 2, 1));
        var description = ModelDescription.Of(own);
        var (a, b) = (description.Attach(Trained("lora", description)), description.Attach(Trained("loha", description)));
        Attachment?[] rows = [a, b, null];
        var x = randn(3, 3, 5, 5);
        var expected = Alone(own, rows, [a, b], x);
        using (description.PerRow(rows)) Close.Equal(expected, own.call(x));
        using (description.PerRow(rows))
        {
            var error = Assert.Throws<LowrankException>(() => own.call(x[0]));
            Assert.Contains("without an axis of rows", error.Message, StringComparison.Ordinal);
        }
        a.Detach();
        b.Detach();
    }

    [Fact]
    public void AdaptersOfDifferentLayersMeetInABatch()
    {
        var a = model.Attach(Trained("lora", where: t => t.Path.EndsWith('0')));
        var b = model.Attach(Trained("lora", where: t => t.Path.EndsWith('1')), -2);
        Attachment?[] rows = [a, b, null];
        var x = randn(3, 6);
        var expected = Alone(network, rows, [a, b], x);
        using (model.PerRow(rows)) Close.Equal(expected, network.call(x));
    }

    [Fact]
    public void ABlockInABlockTakesItsPlaceAndGivesItBack()
    {
        var (a, b) = (model.Attach(Trained("lora")), model.Attach(Trained("lora")));
        var x = randn(2, 6);
        Tensor ab = Alone(network, [a, b], [a, b], x), ba = Alone(network, [b, a], [a, b], x), aAlone = Alone(network, [a, null], [a, b], x), both = network.call(x);
        using (model.PerRow([a, b]))
        {
            using (model.PerRow([b, a])) Close.Equal(ba, network.call(x));
            using (model.WithoutAdapters()) Close.Same(network.Run(x), network.call(x));
            Close.Equal(ab, network.call(x));
            using (b.Disabled()) Close.Equal(aAlone, network.call(x));
            a.Strength = 0;
            Close.Same(network.Run(x)[0], network.call(x)[0]);
            a.Strength = 1;
        }
        Close.Same(both, network.call(x));
    }

    [Fact]
    public void ABatchOfAnotherSizeIsRefusedWithTheLayer()
    {
        var a = model.Attach(Trained("lora"));
        using (model.PerRow([a, null]))
        {
            string message = Assert.Throws<LowrankException>(() => network.call(randn(3, 6))).Message;
            Assert.Contains("unet.0", message, StringComparison.Ordinal);
            Assert.Contains("batch of 3, and 2 rows", message, StringComparison.Ordinal);
            message = Assert.Throws<LowrankException>(() => network.call(randn(8, 6))).Message;
            Assert.Contains("Each row comes 4 times", message, StringComparison.Ordinal);
            Assert.Throws<LowrankException>(() => network.call(randn(6)));
        }
        network.call(randn(3, 6));
    }

    [Fact]
    public void WithinABlockNothingIsAttachedDetachedOrMerged()
    {
        var a = model.Attach(Trained("lora"));
        var x = randn(2, 6);
        var before = network.call(x);
        using (model.PerRow([a, a]))
        {
            Assert.Contains("PerRow", Assert.Throws<LowrankException>(() => model.Merge()).Message, StringComparison.Ordinal);
            Assert.Throws<LowrankException>(a.Detach);
            var other = Trained("lora");
            Assert.Throws<LowrankException>(() => model.Attach(other));
        }
        Close.Same(before, network.call(x));
    }
}
