using static TorchSharp.torch;

namespace Lowrank.Graphs.Tests;

/// <summary>Tiles of work that does the same everywhere.</summary>
public class VaeTilesTests
{
    [Theory]
    [InlineData(8, 2, 20, 17)]
    [InlineData(8, 1, 8, 30)]
    [InlineData(16, 2, 5, 9)]
    public void WorkThatSeesOnePlaceAtATimeIsTheSameInTiles(int size, int overlap, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var x = randn([2, 3, height, width], device: CPU, generator: generator);
        var whole = Work(x);
        Assert.True(whole.allclose(new VaeTiles(size, overlap).Run(x, 2, Work), 1e-5, 1e-5));

        static Tensor Work(Tensor tile) => TorchSharp.torch.nn.functional.interpolate(tile * 3 + 1, scale_factor: [2, 2]);
    }

    [Fact]
    public void AnOverlapOfHalfTheTileIsRefusedWhereATileIsNotEnough()
    {
        using var scope = NewDisposeScope();
        var tiles = new VaeTiles(8, 4);
        Assert.Contains("no step is left", Assert.Throws<LowrankException>(() => tiles.Run(zeros(1, 1, 8, 20, device: CPU), 1, x => x)).Message);
        Assert.Equal([1, 1, 4, 4], tiles.Run(zeros(1, 1, 4, 4, device: CPU), 1, x => x.clone()).shape);
    }
}
