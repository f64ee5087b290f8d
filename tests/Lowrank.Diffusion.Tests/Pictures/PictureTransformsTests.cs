using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

public sealed class PictureTransformsTests
{
    static Picture Numbered(int width, int height) => new(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => (byte)(i % 256))]);

    [Fact]
    public void EveryValueSurvivesTheWayToATensorAndBack() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var picture = Numbered(16, 16);
        var image = PictureTransforms.ToTensor(picture);
        Assert.Equal([3, 16, 16], image.shape);
        Assert.Equal((-1f, 1f), (image.min().item<float>(), image.max().item<float>()));
        Assert.Equal(picture.Pixels[3 * (16 * 2 + 5) + 1] / 127.5 - 1, image[1, 2, 5].item<float>(), 1e-6);
        Assert.Equal(picture.Pixels, PictureTransforms.FromTensor(image).Pixels);
        Assert.Equal(picture.Pixels, PictureTransforms.FromTensor(image.to(ScalarType.Float64)).Pixels);
    });

    [Fact]
    public void WhatLiesOutsideIsClamped()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([255, 0, 128], PictureTransforms.FromTensor(tensor([3.0, -3, 0.004], [3, 1, 1])).Pixels);
    }

    [Theory]
    [InlineData(30, 20, 8, 8)]
    [InlineData(20, 30, 8, 16)]
    [InlineData(5, 7, 64, 64)]
    [InlineData(64, 64, 64, 64)]
    [InlineData(100, 3, 10, 10)]
    public void APictureIsCutToExactlyTheSize(int width, int height, int toWidth, int toHeight)
    {
        var got = PictureTransforms.CoverCrop(Numbered(width, height), toWidth, toHeight);
        Assert.Equal((toWidth, toHeight), (got.Width, got.Height));
    }

    [Fact]
    public void TheMiddleIsKept()
    {
        var picture = Picture.Filled(30, 10, 0, 0, 0);
        picture.Paste(Picture.Filled(10, 10, 200, 100, 50), 10, 0);
        Assert.Equal(Picture.Filled(10, 10, 200, 100, 50).Pixels, PictureTransforms.CoverCrop(picture, 10, 10).Pixels);
    }

    [Fact]
    public void ShrinkingAveragesTheArea()
    {
        var picture = new Picture(3, 1, [0, 0, 0, 90, 90, 90, 240, 240, 240]);
        // Two pixels of one and a half each: (0 + 45) / 1.5 and (45 + 240) / 1.5.
        Assert.Equal([30, 30, 30, 190, 190, 190], PictureTransforms.Resize(picture, 2, 1).Pixels);
    }

    [Theory]
    [InlineData(7, 5)]
    [InlineData(40, 31)]
    [InlineData(40, 5)]
    public void OneColourStaysOneColour(int width, int height) =>
        Assert.Equal(Picture.Filled(width, height, 17, 130, 255).Pixels, PictureTransforms.Resize(Picture.Filled(21, 17, 17, 130, 255), width, height).Pixels);

    [Fact]
    public void APartOutsideIsRefused() =>
        Assert.Contains("10x10", Assert.Throws<LowrankException>(() => PictureTransforms.Crop(Numbered(10, 10), 5, 5, 6, 6)).Message);

    [Fact]
    public void GreyHasNoColourAndMoreSaturationHasMore()
    {
        Assert.Equal(0, PictureMeasures.Colourfulness(Picture.Filled(4, 4, 90, 90, 90)));
        // Pure red throughout: no deviation, mean (255, 127.5).
        Assert.Equal(0.3 * Math.Sqrt(255 * 255 + 127.5 * 127.5), PictureMeasures.Colourfulness(Picture.Filled(4, 4, 255, 0, 0)), 1e-9);
        Assert.True(PictureMeasures.Colourfulness(Picture.Filled(4, 4, 200, 100, 100)) < PictureMeasures.Colourfulness(Picture.Filled(4, 4, 200, 50, 50)));
    }
}
