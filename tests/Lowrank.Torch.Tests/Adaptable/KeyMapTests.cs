namespace Lowrank.Torch.Tests;

public sealed class KeyMapTests
{
    static readonly KeyMap map = new(
        ("conv_in", "input_blocks.0.0"),
        ("mid.{}.attentions.{}.to_out.0", "middle.{}.{}.proj"),
        ("down.0.resnets.{}", "input_blocks.1.{}"),
        ("down.{}.resnets.{}", "late.{}.{}"));

    [Theory]
    [InlineData("conv_in", "input_blocks.0.0")]
    [InlineData("mid.3.attentions.12.to_out.0", "middle.3.12.proj")]
    [InlineData("down.0.resnets.5", "input_blocks.1.5")]
    [InlineData("down.10.resnets.5", "late.10.5")]
    public void APathIsSpelledBothWays(string own, string other)
    {
        Assert.Equal(other, map.ToOther(own));
        Assert.Equal(own, map.ToOwn(other));
    }

    [Theory]
    [InlineData("conv_in.weight")]
    [InlineData("aconv_in")]
    [InlineData("conv_in\n")]
    [InlineData("mid.x.attentions.1.to_out.0")]
    [InlineData("mid.-1.attentions.1.to_out.0")]
    [InlineData("mid.1.attentionsX1.to_out.0")]
    [InlineData("")]
    public void APathThatNoPatternFitsWholeHasNoOtherSpelling(string path) => Assert.Null(map.ToOther(path));

    [Fact]
    public void AOneToOneMapIsVerified() => map.Verify(["conv_in", "down.0.resnets.0", "down.0.resnets.1", "down.1.resnets.0", "mid.0.attentions.1.to_out.0"]);

    [Fact]
    public void WhateverIsNotOneToOneIsNamed()
    {
        var faulty = new KeyMap(("a.{}", "x.{}"), ("b.{}", "x.{}"), ("c", "x.7"));
        string message = Assert.Throws<LowrankException>(() => faulty.Verify(["a.1", "b.1", "b.2", "c", "d"])).Message;
        Assert.Contains("b.1 and a.1 both become x.1", message, StringComparison.Ordinal);
        Assert.Contains("b.2 becomes x.2 and comes back as a.2", message, StringComparison.Ordinal);
        Assert.Contains("c becomes x.7 and comes back as a.7", message, StringComparison.Ordinal);
        Assert.Contains("d fits no pattern", message, StringComparison.Ordinal);
    }

    [Fact]
    public void BothSidesOfAPairHaveTheSameNumbers() => Assert.Throws<ArgumentException>(() => new KeyMap(("a.{}.{}", "b.{}")));
}
