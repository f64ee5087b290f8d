namespace Lowrank.Torch.Tests;

public class LowrankExceptionTests
{
    [Fact]
    public void SeveralFaultsStandALineEach() =>
        Assert.Equal("It cannot be:\n  one, which is wrong\n  two", new LowrankException("It cannot be:", ["one,\nwhich is wrong", "two"]).Message);

    [Fact]
    public void AMessageIsOneLine() => Assert.Equal("one two\ufffd", new LowrankException("one\ntwo\u001b").Message);
}
