namespace Lowrank.Cli.Tests;

public class ColourfulnessTests
{
    [Fact]
    public void Grey_pictures_have_none() => Assert.Equal(0, Colourfulness.Of([0, 0, 0, 80, 80, 80, 255, 255, 255]), 12);

    [Fact]
    public void Pure_red_is_its_mean_alone()
    {
        // rg = 255, yb = 127.5, no variance: 0.3 √(255² + 127.5²)
        Assert.Equal(0.3 * Math.Sqrt(255 * 255 + 127.5 * 127.5), Colourfulness.Of([255, 0, 0, 255, 0, 0]), 9);
    }

    [Fact]
    public void Half_red_half_green_is_mostly_variance()
    {
        // rg = ±255: mean 0, variance 255²; yb = 127.5 in both
        Assert.Equal(255 + 0.3 * 127.5, Colourfulness.Of([255, 0, 0, 0, 255, 0]), 9);
    }

    [Fact]
    public void Bytes_that_are_no_pixels_are_refused() => Assert.Throws<ArgumentException>(() => Colourfulness.Of([1, 2]));
}
