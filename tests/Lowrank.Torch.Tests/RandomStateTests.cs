namespace Lowrank.Torch.Tests;

public class RandomStateTests
{
    [Fact]
    public void ARestoredGeneratorGoesOnWhereItStood()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        _ = randn([7], generator: generator);
        var state = RandomState.Capture(generator);
        var want = randn([20], generator: generator);
        RandomState.Restore(state, generator);
        Assert.True(randn([20], generator: generator).equal(want).all().ToBoolean());
    }

    [Fact]
    public void AStateOfAnotherLengthIsRefused() =>
        Assert.Contains("3 were given", Assert.Throws<LowrankException>(() => RandomState.Restore([1, 2, 3])).Message);
}
