using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>Tensors that are written anew with some of their values changed, whichever way a checkpoint lays them.</summary>
public sealed class RewritingWorkTests : IDisposable
{
    readonly string path = Path.Combine(Path.GetTempPath(), $"lowrank-rewriting-{Guid.NewGuid():n}.safetensors");

    public void Dispose() => File.Delete(path);

    static readonly WeightEdit plusOne = new(name => name is "unet.q" or "unet.v", (_, own) => own.add_(1));

    // Written anew, and what the work counted.
    static (torch.Tensor Written, int Touched, int Changed, IReadOnlyList<string> Notes) Rewritten(
        string path, WeightEdit edit, TensorDtype? dtype, params (string, Folding)[] owners)
    {
        using var file = Safetensors.Open(path);
        using var work = new RewritingWork(1, edit, new RewriteOptions { Dtype = dtype }, CancellationToken.None);
        var written = work.Source(file.Tensors[0], file, owners).Read().clone();
        return (written, work.Touched, work.Changed, [.. work.Notes()]);
    }

    public static TheoryData<ScalarType, string?> Dtypes => new()
    {
        { ScalarType.Float16, null }, { ScalarType.BFloat16, null }, { ScalarType.Float32, null }, { ScalarType.Float16, "F32" },
        { ScalarType.Float32, "F16" }, { ScalarType.BFloat16, "F16" }, { ScalarType.Float16, "F8_E5M2" },
    };

    [Theory, MemberData(nameof(Dtypes))]
    public void OfAJointTensorTheThirdsThatAreMeantChange(ScalarType stored, string? dtype) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var values = randn([9, 5], generator: new Generator(TestSeeds.Of(2)), device: CPU).to(stored);
        Safetensors.Save(path, [new("qkv", values)]);
        var (written, touched, changed, notes) = Rewritten(path, plusOne, dtype is null ? null : TensorDtypes.All.First(one => one.ToString() == dtype),
            ("unet.q", Folding.FirstRows), ("unet.k", Folding.SecondRows), ("unet.v", Folding.ThirdRows));
        var wide = values.to(ScalarType.Float32);
        var expected = cat([wide[..3] + 1, wide[3..6], wide[6..] + 1]).to(written.dtype);
        Assert.True(written.to(ScalarType.Float32).equal(expected.to(ScalarType.Float32)).all().ToBoolean());
        Assert.Equal((2, 2, 0), (touched, changed, notes.Count));
    });

    [Fact]
    public void ATransposedTensorStaysTransposedAndSmallChangesAreTold()
    {
        using var scope = NewDisposeScope();
        var values = full([3, 5], 100.0, ScalarType.Float16, CPU);
        Safetensors.Save(path, [new("w", values)]);
        var edit = new WeightEdit(_ => true, (_, own) =>
        {
            Assert.Equal([5, 3], own.shape);
            var changed = own + 0.001;   // nothing in float16
            changed[4, 2] = 7;
            return changed;
        });
        var (written, touched, changed, notes) = Rewritten(path, edit, null, ("unet.q", Folding.Transposed));
        Assert.Equal((1, 1), (touched, changed));
        Assert.Equal(7, written[2, 4].ToSingle());
        Assert.Equal(100, written[0, 0].ToSingle());
        Assert.Contains(notes, note => note.StartsWith("14 of 15 changed values are so close", StringComparison.Ordinal));
    }

    [Theory, InlineData(1e6f, "does not fit into F16"), InlineData(float.PositiveInfinity, "holds NaN or infinity"), InlineData(float.NaN, "holds NaN or infinity")]
    public void WhatDoesNotFitIsNotWritten(float value, string told)
    {
        using var scope = NewDisposeScope();
        Safetensors.Save(path, [new("w", ones([3, 5], ScalarType.Float16, CPU))]);
        var error = Assert.Throws<LowrankException>(
            () => Rewritten(path, new WeightEdit(_ => true, (_, own) => own.fill_(value)), null, ("unet.q", Folding.Same)));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }
}
