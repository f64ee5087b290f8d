namespace Lowrank.Adapters.Tests;

/// <summary>What single methods promise beside the laws of all.</summary>
public sealed class OwnLaws : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly Generator generator = new(3);

    public void Dispose() => scope.Dispose();

    Tensor Normal(params long[] shape) => randn(shape, generator: generator);

    static readonly Target linear = new("unet.a", LayerKind.Linear, [12, 8]), conv = new("unet.c", LayerKind.Conv2d, [12, 8, 3, 3]);

    [Fact]
    public void LoKrIsTheKroneckerProduct()
    {
        var (w1, w2) = (Normal(3, 2), Normal(4, 4));
        using var lokr = new Lokr(linear, new Dictionary<string, Tensor> { ["w1"] = w1, ["w2"] = w2 }, alpha: 100);
        Close.Equal(kron(w1, w2), lokr.Delta(zeros(12, 8)));   // two whole factors: alpha counts for nothing

        // Of a convolution, one Kronecker product for each place of the kernel.
        var kernel = Normal(4, 4, 3, 3);
        using var ofConv = new Lokr(conv, new Dictionary<string, Tensor> { ["w1"] = w1, ["w2"] = kernel });
        var change = ofConv.Delta(zeros(12, 72)).reshape(12, 8, 3, 3);
        Close.Equal(kron(w1, kernel.select(3, 1).select(2, 2)), change.select(3, 1).select(2, 2));
    }

    [Fact]
    public void LoHaIsTheProductOfTwoProducts()
    {
        var (a, b, c, d) = (Normal(12, 3), Normal(3, 8), Normal(12, 3), Normal(3, 8));
        using var loha = new Loha(linear, a, b, c, d, alpha: 1.5);
        Close.Equal(0.5 * a.mm(b) * c.mm(d), loha.Delta(zeros(12, 8)));
    }

    public static IEnumerable<TheoryDataRow<string>> Rotations => new[] { "diag-oft", "boft", "kohya-oft", "oft exact", "hra" }.Select(name => new TheoryDataRow<string>(name));

    [Theory, MemberData(nameof(Rotations))]
    public void ARotationKeepsSingularValues(string name)
    {
        var weight = Normal(8, 8);
        var target = new Target("unet.a", LayerKind.Linear, [8, 8]);
        var (method, options) = name switch
        {
            "oft exact" => (Oft.Descriptor, (MethodOptions)new OftOptions(new MethodOptions(4)) { BlockSize = 4, Series = false }),
            "kohya-oft" => (KohyaOft.Descriptor, new MethodOptions(2, 10)),
            _ => (Methods.Named(name), new MethodOptions(4)),
        };
        using var made = method.Create(target, method.OwnOptions(options), new Initialization(generator, () => weight));
        using (no_grad())
            foreach (var part in made.Trainable) part.copy_(Normal(part.shape));
        Close.Equal(linalg.svdvals(weight), linalg.svdvals(made.Apply(weight, 1)));
    }

    [Theory, InlineData(DoraAxis.Output), InlineData(DoraAxis.Input)]
    public void DoRASNormsAreItsMagnitude(DoraAxis axis)
    {
        var weight = Normal(12, 72);
        var inner = new Lora(conv, Normal(3, 8, 3, 3), Normal(12, 3, 1, 1));
        using var dora = new Dora(inner, Normal(axis == DoraAxis.Output ? 12 : 8).abs() + 1, axis, detachNorm: true);
        var applied = dora.Apply(weight, 1);
        var norms = axis == DoraAxis.Output ? applied.norm(1) : applied.reshape(12, 8, 9).transpose(1, 2).reshape(-1, 8).norm(0, keepdim: false);
        Close.Equal(dora.Parts.Single(p => p.Part == "magnitude").Value.reshape(-1), norms);
    }

    [Fact]
    public void ADyLoRAOfFewerRanksIsTheLoRACutThere()
    {
        using var dylora = new Dylora(linear, Normal(6, 8), Normal(12, 6), new DyloraOptions(6, 3) { BlockSize = 2 });
        dylora.eval();
        dylora.ActiveRank = 4;
        using var cut = dylora.Truncated(4);
        Close.Equal(dylora.Delta(zeros(12, 8)), cut.Delta(zeros(12, 8)));
        Assert.Throws<LowrankException>(() => dylora.Truncated(7));
    }

    [Fact]
    public void ADyLoRATrainsOneBlockAtATime()
    {
        using var dylora = new Dylora(linear, Normal(6, 8), Normal(12, 6), new DyloraOptions(6, 3) { BlockSize = 2 });
        dylora.train();
        random.manual_seed(4);
        for (int i = 0; i < 8; i++)
        {
            var gradient = autograd.grad([dylora.Delta(zeros(12, 8)).square().sum()], [.. dylora.Trainable])[0]!;
            var rows = gradient.abs().sum(dim: 1).reshape(3, 2).sum(dim: 1).ne(0).sum().ToInt64();
            Assert.Equal(1, rows);
        }
    }

    [Fact]
    public void GLoRASOldLayoutIsTheSameChange()
    {
        var (a1, a2, b1, b2) = (Normal(8, 3), Normal(3, 8), Normal(12, 3), Normal(3, 8));
        var weight = Normal(12, 8);
        using var today = Glora.Descriptor.FromParts(linear, new StoredParts(new Dictionary<string, Tensor> { ["a1"] = a1, ["a2"] = a2, ["b1"] = b1, ["b2"] = b2 }));
        using var old = Glora.Descriptor.FromParts(linear, new StoredParts(new Dictionary<string, Tensor> { ["a1"] = a2, ["a2"] = a1, ["b1"] = b2, ["b2"] = b1 }));
        Close.Same(today.Apply(weight, 0.7), old.Apply(weight, 0.7));
    }

    [Fact]
    public void AMergedLoRALeavesSlicesThatAreOffAlone()
    {
        using var merged = new MergedLora(linear, Normal(4, 8), Normal(8, 2), new MergedLoraOptions(2) { Slices = [true, false, true] });
        var change = merged.Delta(zeros(12, 8));
        Assert.Equal(0, change.narrow(0, 4, 4).abs().max().ToDouble());
        var (down, up) = (merged.Trainable.First(), merged.Trainable.Last());
        Close.Equal(up.narrow(0, 4, 4).mm(down.narrow(0, 2, 2)), change.narrow(0, 8, 4));
    }
}
