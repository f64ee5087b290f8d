namespace Lowrank.Formats.Tests;

/// <summary>Tensors rounded to types of GGUF files.</summary>
public class RoundedBlocksTests
{
    [Theory, InlineData("Q8_0"), InlineData("Q4_0")]
    public void RowsThatAreRoundedInPiecesAreThoseOfTheWhole(string name)
    {
        using var scope = NewDisposeScope();
        var format = BlockFormats.All.Single(one => one.Name == name);
        var values = randn(7, 2, 64);
        var info = new TensorInfo("w", format.Dtype, values.shape);
        var whole = RoundedBlocks.Encode(info, values);
        foreach (long most in (long[])[1, 300, info.Bytes - 1])
        {
            Assert.True(RoundedBlocks.Encode(info, values, most).equal(whole).all().ToBoolean());
            Assert.True(RoundedBlocks.Decode(info, whole, most).equal(RoundedBlocks.Decode(info, whole)).all().ToBoolean());
        }
    }

    [Fact]
    public void WhatATypeDoesNotHoldIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string Refused(TensorDtype dtype, Tensor value) => Assert.Throws<LowrankException>(() =>
            Gguf.Save(folder.File("m.gguf"), [], [new(new("w", dtype, value.shape), () => value)])).Message;
        Assert.Contains("70000", Refused(TensorDtype.F16, tensor(new float[] { 1, 70000 })), StringComparison.Ordinal);
        Assert.Contains("300", Refused(TensorDtype.I8, tensor(new long[] { 1, 300 })), StringComparison.Ordinal);
        Gguf.Save(folder.File("m.gguf"), [], [new(new("w", TensorDtype.F16, [2]), () => tensor(new float[] { 1, float.PositiveInfinity }))]);   // its own
    }
}
