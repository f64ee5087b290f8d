namespace Lowrank.Diffusion.Tests;

/// <summary>Pictures come to exactly the size that is asked for, by each way to fit.</summary>
public class PictureFittingTests
{
    public static TheoryData<int, int, int, int, PictureFit> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, int, int, int, PictureFit>();
            foreach (var fit in Enum.GetValues<PictureFit>())
                foreach (var (from, to) in new[] { ((7, 31), (40, 16)), ((31, 7), (16, 40)), ((1, 1), (9, 5)), ((900, 1), (16, 16)), ((64, 64), (33, 33)) })
                    sizes.Add(from.Item1, from.Item2, to.Item1, to.Item2, fit);
            return sizes;
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void AGreyPictureFillsTheSize(int width, int height, int toWidth, int toHeight, PictureFit fit)
    {
        var fitted = PictureFitting.Fit(Picture.Filled(width, height, 90, 90, 90), toWidth, toHeight, fit, Upscalers.Named("lanczos"));

        Assert.Equal(Picture.Filled(toWidth, toHeight, 90, 90, 90).Pixels, fitted.Pixels);
    }

    [Theory]
    [InlineData(PictureFit.Stretch)]
    [InlineData(PictureFit.Crop)]
    [InlineData(PictureFit.Fill)]
    public void APictureOfThatSizeStaysAsItIs(PictureFit fit) =>
        Assert.Equal(Made.Picture(19, 12).Pixels, PictureFitting.Fit(Made.Picture(19, 12), 19, 12, fit).Pixels);

    [Fact]
    public void AMaskIsFittedAsItsGreyPicture()
    {
        var mask = new Mask(6, 4, [.. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))]);

        Assert.Equal(Mask.LightOf(PictureFitting.Fit(mask.ToPicture(), 13, 5, PictureFit.Crop)).Levels, PictureFitting.Fit(mask, 13, 5, PictureFit.Crop).Levels);
    }

    [Fact]
    public void AnUnknownUpscalerIsNamedWithTheNearest() =>
        Assert.Contains("Lanczos", Assert.Throws<LowrankException>(() => Upscalers.Named("Lanczoz")).Message, StringComparison.Ordinal);

    [Fact]
    public void NearestTakesEachPixelWhole() =>
        Assert.Equal([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6], Resampler.Nearest(new Picture(2, 1, [1, 2, 3, 4, 5, 6]), 4, 1).Pixels);
}
