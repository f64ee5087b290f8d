namespace Lowrank.Bench.Tests;

public class StepWorkTests
{
    // By hand: 64 rows of 256 to 256. Forward 2·64·256², for the input's gradient as much; the factors of rank 8 three times 2·64·8·512.
    const double Forward = 2d * 64 * 256 * 256, Factors = 3d * 2 * 64 * 8 * 512;

    [Fact]
    public void TheFirstLayersInputWantsNoGradient()
    {
        double unasked = Forward + 2d * 64 * 8 * 256;
        Assert.Equal(2 * Forward + Factors - unasked, StepWork.OfChain(1, 8));
        Assert.Equal(3 * (2 * Forward + Factors) - unasked, StepWork.OfChain(3, 8));
    }

    [Fact]
    public void ProductsGrowWithTokensAndAttentionWithTheirSquare()
    {
        double one = StepWork.OfDecoder(2, 1, 1024, 8), two = StepWork.OfDecoder(2, 2, 1024, 8), longer = StepWork.OfDecoder(2, 1, 2048, 8);
        Assert.Equal(2 * one, two, 1e-9 * two);
        // Two blocks' attention: seven products of 1024² x 768, half of each, twice as many pairs as two sequences have.
        double attention = 2 * 7d * 2 * 1024 * 1024 * 768 / 2;
        Assert.Equal(two + 2 * attention, longer, 1e-9 * longer);
    }
}
