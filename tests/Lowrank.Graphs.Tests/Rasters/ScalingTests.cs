using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Graphs.Tests;

public class ScalingTests
{
    static Tensor Some(params long[] shape) => rand(shape, dtype: ScalarType.Float32, device: CPU, generator: new Generator(3));

    public static IEnumerable<TheoryDataRow<string>> Methods => Scaling.OfLatents.Union(Scaling.OfPictures).Select(name => new TheoryDataRow<string>(name));

    [Theory, MemberData(nameof(Methods))]
    public void TheSameSizeIsTheSameRaster(string method)
    {
        using var scope = NewDisposeScope();
        var x = (Some(2, 3, 5, 7) * 255).round() / 255;   // bytes pass through "lanczos" whole
        Assert.True(Scaling.Scale(x, 7, 5, method).allclose(x, atol: 1e-6));
    }

    [Theory, MemberData(nameof(Methods))]
    public void OneValueStaysOneValue(string method)
    {
        using var scope = NewDisposeScope();
        var x = full([1, 3, 4, 6], 0.4f, dtype: ScalarType.Float32, device: CPU);
        var scaled = Scaling.Scale(x, 9, 3, method, Scaling.Centre);
        Assert.Equal([1, 3, 3, 9], scaled.shape);
        Assert.True((scaled - 0.4).abs().max().ToSingle() < 1e-6);
    }

    [Fact]
    public void NearestPixelsAreThoseOfTheMiddle()
    {
        using var scope = NewDisposeScope();
        var x = arange(10, dtype: ScalarType.Float32, device: CPU).view(1, 1, 1, 10);
        Assert.Equal([1f, 5f, 8f], Scaling.Scale(x, 3, 1, "nearest-exact").data<float>().ToArray());
    }

    [Fact]
    public void TurnedDirectionsKeepTheirLength()
    {
        using var scope = NewDisposeScope();
        var x = Some(1, 4, 6, 6) - 0.5;
        var unit = x / linalg.vector_norm(x, 2, [1], keepdim: true);
        var scaled = Scaling.Scale(unit, 11, 13, "bislerp");
        Assert.True((linalg.vector_norm(scaled, 2, [1]) - 1).abs().max().ToSingle() < 1e-4);
    }

    [Fact]
    public void AMiddleHasTheNewShape()
    {
        using var scope = NewDisposeScope();
        var x = arange(8, dtype: ScalarType.Float32, device: CPU).view(1, 1, 1, 8).expand(1, 1, 4, 8);
        Assert.Equal([2f, 3f, 4f, 5f], Scaling.Scale(x, 4, 4, "area", Scaling.Centre)[0, 0, 0].data<float>().ToArray());
    }
}
