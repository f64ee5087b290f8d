namespace Lowrank.Diffusion.Tests.Starts;

public class StartTensorsTests
{
    [Fact]
    public void AMaskOfLevelsIsRefused()
    {
        using var scope = NewDisposeScope();
        var levels = tensor(new byte[] { 0, 255, 0, 255 }, ScalarType.Byte).reshape(1, 1, 2, 2);
        Assert.Contains("255", Assert.Throws<LowrankException>(() => StartTensors.Mask(levels)).Message, StringComparison.Ordinal);
        Assert.Throws<LowrankException>(() => StartTensors.Mask(full([1, 1, 2, 2], -0.5)));
        foreach (var mask in new[] { levels.gt(0), levels / 255.0, ones(1, 1, 2, 2) }) Assert.Same(mask, StartTensors.Mask(mask));
    }
}
