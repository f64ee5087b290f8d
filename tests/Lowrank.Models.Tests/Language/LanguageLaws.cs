using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Lowrank.Models.Tests;

/// <summary>What holds of every causal model.</summary>
public class LanguageLaws
{
    const double Near = 2e-4;   // logits are of the order of ten, in float32

    public static IEnumerable<TheoryDataRow<string>> Families => TinyLanguageModels.Families;

    [Theory, MemberData(nameof(Families))]
    public void ABatchOfPaddedRowsSaysWhatEachRowSaysAlone(string family) => Try(family, model =>
    {
        long[] lengths = [9, 4, 6];
        foreach (bool left in (bool[])[false, true])
        {
            var ids = randint(4, 41, [3, 9], ScalarType.Int64, CPU);
            var mask = zeros([3, 9], ScalarType.Int64, CPU);
            for (int row = 0; row < 3; row++) mask[row].narrow(0, left ? 9 - lengths[row] : 0, lengths[row]).fill_(1);
            var batched = Logits(model, new(ids) { Mask = mask });
            for (int row = 0; row < 3; row++)
            {
                long from = left ? 9 - lengths[row] : 0;
                var alone = Logits(model, new(ids.narrow(0, row, 1).narrow(1, from, lengths[row])));
                AssertNear(alone, batched.narrow(0, row, 1).narrow(1, from, lengths[row]));
            }
        }
    });

    [Theory, MemberData(nameof(Families))]
    public void RowsThatGoOnFromACacheSayWhatWholeRowsSay(string family) => Try(family, model =>
    {
        var ids = randint(4, 41, [2, 14], ScalarType.Int64, CPU);
        var mask = ones([2, 14], ScalarType.Int64, CPU);
        mask[1].narrow(0, 0, 3).fill_(0);
        if (model.Config.MaxPositions < 14) return;
        var whole = Logits(model, new(ids) { Mask = mask });
        using var cache = model.NewCache();
        long seen = 0;
        foreach (long count in (long[])[5, 1, 1, 4, 1, 2])
        {
            var input = new LanguageInput(ids.narrow(1, seen, count)) { Mask = mask.narrow(1, 0, seen + count), Cache = cache };
            var want = whole.narrow(1, seen, count);
            var real = mask.narrow(1, seen, count).ne(0).unsqueeze(-1);
            var got = Logits(model, input);
            AssertNear(want.where(real, zeros_like(want)), got.where(real, zeros_like(got)));
            seen += count;
            Assert.Equal(seen, cache.Length);
        }
    });

    [Theory, MemberData(nameof(Families))]
    public void PackedDocumentsSayWhatEachSaysAlone(string family) => Try(family, model =>
    {
        long[] lengths = [5, 7, 2];
        var ids = randint(4, 41, [1, 14], ScalarType.Int64, CPU);
        var positions = cat([.. lengths.Select(length => arange(length, ScalarType.Int64, CPU))]).unsqueeze(0);
        var packed = Logits(model, LanguageInput.Packed(ids, positions));
        long from = 0;
        foreach (long length in lengths)
        {
            AssertNear(Logits(model, new(ids.narrow(1, from, length))), packed.narrow(1, from, length));
            from += length;
        }
    });

    [Theory, MemberData(nameof(Families))]
    public void ACacheThatIsCutAndReorderedGoesOnAsIfItHadAlwaysBeenSo(string family) => Try(family, model =>
    {
        var ids = randint(4, 41, [2, 3], ScalarType.Int64, CPU);
        var other = randint(4, 41, [2, 1], ScalarType.Int64, CPU);
        using var cache = model.NewCache();
        Logits(model, new(ids) { Cache = cache });
        if (cache.Cut(2)) Logits(model, new(other) { Cache = cache });
        else return;
        using var rows = tensor((long[])[1, 0]);
        cache.Reorder(rows);
        var row = cat([ids.narrow(1, 0, 2), other], 1).index_select(0, rows);
        var next = randint(4, 41, [2, 2], ScalarType.Int64, CPU);
        AssertNear(Logits(model, new(cat([row, next], 1))).narrow(1, 3, 2), Logits(model, new(next) { Cache = cache }));
    });

    [Theory, MemberData(nameof(Families))]
    public void ACacheThatIsCutToNothingTakesOtherRows(string family) => Try(family, model =>
    {
        using var cache = model.NewCache();
        Logits(model, new(arange(4, ScalarType.Int64).view(1, 4)) { Cache = cache });
        var two = tensor(new long[] { 5, 6 }).view(2, 1);
        var fault = Assert.ThrowsAny<LowrankException>(() => Logits(model, new(two) { Cache = cache }));
        Assert.Contains("the cache holds 1 rows", fault.Message);
        if (cache.Cut(0)) AssertNear(Logits(model, new(two)), Logits(model, new(two) { Cache = cache }));
    });

    [Fact]
    public void ALayersCacheIsNotWrittenBehindItsEnd()
    {
        using var cache = new FullLayerCache();
        cache.Extend((1, 2, 16), ScalarType.Float32, 0);
        foreach (var (shape, dtype, before) in new[]
        {
            ((2L, 2L, 16L), ScalarType.Float32, 1L), ((1, 4, 16), ScalarType.Float32, 1), ((1, 2, 32), ScalarType.Float32, 1),
            ((1, 2, 16), ScalarType.BFloat16, 1), ((1, 2, 16), ScalarType.Float32, 0),
        })
            Assert.Throws<ShapeException>(() => cache.Extend(shape, dtype, before));
        cache.Cut(0, 1);
        Assert.Equal(2, cache.Extend((2, 2, 16), ScalarType.Float32, 0).Keys.shape[0]);
    }

    [Theory, MemberData(nameof(Families))]
    public void CheckpointedLayersGiveTheSameGradients(string family) => Try(family, model =>
    {
        foreach (var parameter in model.parameters()) parameter.requires_grad_(true);
        var ids = randint(4, 41, [2, 6], ScalarType.Int64, CPU);
        var gradients = new List<List<Tensor>>();
        foreach (bool checkpoints in (bool[])[false, true])
        {
            using var recording = enable_grad();
            model.GradientCheckpointing = checkpoints;
            model.zero_grad();
            Logits(model, new(ids)).square().mean().backward();
            gradients.Add([.. model.parameters().Select(parameter => parameter.grad?.clone() ?? zeros(1))]);
        }
        Assert.Contains(gradients[0], gradient => gradient.abs().max().ToDouble() > 0);
        foreach (var (plain, checkpointed) in gradients[0].Zip(gradients[1])) AssertNear(plain, checkpointed, 1e-5);
    });

    // A processor computes in float16 too, if slowly; what graphics cards do with such a folder.
    [Theory, MemberData(nameof(Families))]
    public void HalvesMayBePadded(string family) => Try(family, model =>
    {
        var ids = randint(4, 41, [2, 6], ScalarType.Int64, CPU);
        var mask = ones_like(ids);
        mask[1].narrow(0, 0, 2).fill_(0);
        var want = Logits(model, new(ids) { Mask = mask });
        model.Dtype = ScalarType.Float16;
        var got = Logits(model, new(ids) { Mask = mask }).to(ScalarType.Float32);
        var real = mask.ne(0).unsqueeze(-1);
        AssertNear(want.where(real, zeros_like(want)), got.where(real, zeros_like(got)), 0.02);   // of 11 bits, over a few layers
    });

    [Theory, MemberData(nameof(Families))]
    public void CheckpointedPassesLeaveNothing(string family)
    {
        using var model = TinyLanguageModels.Causal(family);
        model.GradientCheckpointing = true;
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            var ids = randint(4, 41, [2, 6], ScalarType.Int64, CPU);
            var mask = ones_like(ids);
            mask[1].narrow(0, 0, 2).fill_(0);
            using (no_grad()) Logits(model, new(ids) { Mask = mask });
            Logits(model, new(ids) { Mask = mask }).square().mean().backward();
            model.zero_grad(true);
            Backward.Release();
        });
    }

    [Theory, MemberData(nameof(Families))]
    public void WhatRepeatedLayersWouldGetWrongIsRefused(string family) => Try(family, model =>
    {
        using var recording = enable_grad();
        model.GradientCheckpointing = true;
        var ids = randint(4, 41, [1, 3], ScalarType.Int64, CPU);
        using var cache = model.NewCache();
        foreach (var input in new LanguageInput[] { new(ids) { Cache = cache }, new(ids) { KeepsRouters = true } })
            Assert.Contains("GradientCheckpointing", Assert.Throws<LowrankException>(() => model.Run(input)).Message, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Families))]
    public void ACacheWhosePassBrokeOffIsNotGoneOnFrom(string family) => Try(family, model =>
    {
        var ids = randint(4, 41, [2, 4], ScalarType.Int64, CPU);
        using var cache = model.NewCache();
        Logits(model, new(ids) { Cache = cache });
        var held = cache.Layers[0].Keys!.narrow(1, 0, 1).clone();
        cache.Layers[0].Append(held, held);   // as far as a pass came
        string said = Assert.ThrowsAny<LowrankException>(() => model.Run(new(ids.narrow(1, 0, 2)) { Cache = cache })).Message;
        Assert.Contains("broke off", said, StringComparison.Ordinal);
    });

    [Theory, MemberData(nameof(Families))]
    public void APassLeavesOnlyItsAnswer(string family)
    {
        using var model = TinyLanguageModels.Causal(family);
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            using var cache = model.NewCache();
            var ids = randint(4, 41, [2, 5], ScalarType.Int64, CPU);
            var mask = ones([2, 5], ScalarType.Int64, CPU);
            mask[0, 0].fill_(0);
            model.Run(new(ids) { Mask = mask, Cache = cache, KeepsLayers = true, KeepsRouters = true });
        });
    }

    static void Try(string family, Action<CausalModel> law)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = TinyLanguageModels.Causal(family);
        law(model);
    }

    static Tensor Logits(CausalModel model, LanguageInput input) => model.Logits(model.Run(input).Hidden);

    static void AssertNear(Tensor want, Tensor got, double near = Near)
    {
        Assert.Equal(want.shape, got.shape);
        double gap = (want - got).abs().max().ToDouble();
        Assert.True(gap <= near * Math.Max(1, want.abs().max().ToDouble()), $"off by {gap}");
    }
}
