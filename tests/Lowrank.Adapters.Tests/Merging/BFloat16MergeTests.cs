namespace Lowrank.Adapters.Tests;

/// <summary>Merging in bfloat16 by one product: as near to the exact sum as the road over float32, where that is promised.</summary>
public sealed class BFloat16MergeTests : IDisposable
{
    const int Out = 331, In = 517;
    readonly DisposeScope scope = NewDisposeScope();
    readonly Generator generator = new(TestSeeds.Of(3));

    public void Dispose()
    {
        generator.Dispose();
        scope.Dispose();
    }

    Tensor Normal(params long[] shape) => randn(shape, generator: generator, device: CPU);

    // Changes that are together `share` times as large as the weight.
    (Tensor Weight, List<(Reparameterization, double)> List) Case(double share, params int[] ranks)
    {
        var weight = (Normal(Out, In) * 0.02).to(ScalarType.BFloat16);
        var target = new Target("unet.0", LayerKind.Linear, [Out, In]);
        double each = share / Math.Sqrt(ranks.Length);
        var list = ranks.Select(rank => ((Reparameterization)new Lora(target, Normal(rank, In) * 0.02, Normal(Out, rank), alpha: 3),
            each * Math.Sqrt(rank) / 3)).ToList();
        return (weight, list);
    }

    static double Error(Tensor merged, Tensor exact) =>
        (merged.to(ScalarType.Float64) - exact).square().mean().sqrt().ToDouble();

    [Theory]
    [InlineData(0.05, 1.01, 7)]
    [InlineData(0.19, 1.06, 1)]
    [InlineData(0.19, 1.06, 32)]
    [InlineData(0.15, 1.06, 4, 9)]
    public void ItIsAsExactAsTheRoadOverFloat32(double share, double most, params int[] ranks)
    {
        Assert.SkipUnless(Processor.Current.MultipliesBFloat16, "without bfloat16 in hardware merging goes over float32");
        using var grad = no_grad();
        var (weight, list) = Case(share, ranks);
        var merged = BFloat16Merge.Of(new DenseWeight(() => weight), list)!;
        var exact = Reparameterization.Applied(weight.to(ScalarType.Float64), list);
        var wide = Reparameterization.Applied(weight, list).to(ScalarType.BFloat16);
        Assert.Equal(ScalarType.BFloat16, merged.dtype);
        // Half a step of the largest values is the largest error of both; the root mean square is what the factors' rounding moves.
        Assert.InRange(Error(merged, exact) / Error(wide, exact), 0.99, most);
        double largest = (wide.to(ScalarType.Float64) - exact).abs().max().ToDouble();
        Assert.InRange((merged.to(ScalarType.Float64) - exact).abs().max().ToDouble(), 0, 1.2 * largest);
    }

    [Fact]
    public void WhatWouldLoseMoreGoesOverFloat32()
    {
        Assert.SkipUnless(Processor.Current.MultipliesBFloat16, "without bfloat16 in hardware merging goes over float32");
        using var grad = no_grad();
        var (weight, list) = Case(0.3, 8);
        Assert.Null(BFloat16Merge.Of(new DenseWeight(() => weight), list));
        var (narrow, few) = Case(0.1, 8);
        Assert.Null(BFloat16Merge.Of(new DenseWeight(() => narrow.to(ScalarType.Float32)), few));
        Assert.Null(BFloat16Merge.Of(new DenseWeight(() => narrow.t().contiguous().t()), few));
        var rows = few[0].Item1.Trainable.ToList().Find(part => part.shape[0] == Out)!;
        var kept = rows.clone();
        rows[7].mul_(20);   // one row alone, of none that the weight is looked at in
        Assert.Null(BFloat16Merge.Of(new DenseWeight(() => narrow), few));
        rows.copy_(kept);
        few[0].Item1.Trainable.First().fill_(double.NaN);
        Assert.Null(BFloat16Merge.Of(new DenseWeight(() => narrow), few));
    }

    [Fact]
    public void AMergedModelAnswersAsItDoesWithItsAdapterAttached()
    {
        using var grad = no_grad();
        using var network = new SequenceModel(new Linear(In, Out, storage: new Lowrank.Torch.Layers.Storage(ScalarType.BFloat16)));
        foreach (var parameter in network.parameters()) parameter.copy_(Normal(parameter.shape) * 0.05);
        var model = network.Describe();
        using var attachment = model.Adapt("*", new LoraOptions(4));
        foreach (var part in attachment.Adapter.Trainable) part.copy_(Normal(part.shape) * 0.03);
        var x = Normal(5, In).to(ScalarType.BFloat16);
        var before = model.Components[0].Targets[0].Layer.Weight.Dense().clone();
        var attached = network.call(x);
        model.Merge();
        var change = model.Components[0].Targets[0].Layer.Weight.Dense() - before;
        Assert.True(change.count_nonzero().ToInt64() > change.numel() / 2);
        // Both answers are rounded to 8 bits, one of them from rounded weights: a hundredth of the largest.
        Assert.InRange((network.call(x) - attached).abs().max().ToDouble(), 0, 0.01 * attached.abs().max().ToDouble());
        model.Unmerge();
        Close.Same(before, model.Components[0].Targets[0].Layer.Weight.Dense());
    }

    [Fact]
    public void NoTensorOutlivesIt() => LeakGuard.NoTensorLeaks(() =>
    {
        using var inner = NewDisposeScope();
        using var grad = no_grad();
        foreach (double share in new[] { 0.1, 0.5 })
        {
            var (weight, list) = Case(share, 2, 3);
            BFloat16Merge.Of(new DenseWeight(() => weight), list);
            foreach (var (one, _) in list) one.Dispose();
        }
    });
}
