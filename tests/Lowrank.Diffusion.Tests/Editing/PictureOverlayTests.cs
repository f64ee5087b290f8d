namespace Lowrank.Diffusion.Tests;

/// <summary>What a mask keeps of a picture is its very bytes afterwards.</summary>
public class PictureOverlayTests
{
    [Fact]
    public void WhatTheMaskKeepsIsTheOldPictureByteForByte()
    {
        var (old, mask) = (Made.Picture(13, 9), Mask.Filled(13, 9, 0));
        mask.Levels.AsSpan(40, 30).Fill(255);

        var laid = new PictureOverlay(old, mask).Over(Picture.Filled(13, 9, 1, 2, 3));

        for (int i = 0; i < mask.Levels.Length; i++)
        {
            byte[] want = mask.Levels[i] == 0 ? old.Pixels[(3 * i)..(3 * i + 3)] : [1, 2, 3];
            Assert.Equal(want, laid.Pixels[(3 * i)..(3 * i + 3)]);
        }
    }

    [Fact]
    public void AHalfMaskMixesOldAndNew()
    {
        var laid = new PictureOverlay(Picture.Filled(2, 1, 200, 200, 200), Mask.Filled(2, 1, 128)).Over(Picture.Filled(2, 1, 0, 0, 0));

        Assert.All(laid.Pixels, level => Assert.InRange(level, 98, 101));
    }

    [Fact]
    public void ARegionIsDrawnIntoItsPlaceAtItsOwnSize()
    {
        var (old, region) = (Picture.Filled(10, 10, 0, 0, 0), new PictureRegion(2, 3, 8, 7));
        var mask = Mask.Filled(10, 10, 255);

        var laid = new PictureOverlay(old, mask).Over(Picture.Filled(64, 48, 9, 9, 9), region);

        Assert.Equal(9, laid.Pixels[3 * (3 * 10 + 2)]);
        Assert.Equal(9, laid.Pixels[3 * (6 * 10 + 7)]);
        Assert.Equal(0, laid.Pixels[3 * (2 * 10 + 2)]);
    }

    [Fact]
    public void AMaskOfAnotherSizeIsToldWithBothSizes()
    {
        var error = Assert.Throws<LowrankException>(() => new PictureOverlay(Picture.Filled(4, 5, 0, 0, 0), Mask.Filled(5, 4, 0)));

        Assert.Contains("5x4", error.Message, StringComparison.Ordinal);
        Assert.Contains("4x5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APictureOfAnotherSizeOrARegionOutsideIsRefused()
    {
        var overlay = new PictureOverlay(Picture.Filled(4, 4, 0, 0, 0), Mask.Filled(4, 4, 0));

        Assert.Throws<LowrankException>(() => overlay.Over(Picture.Filled(5, 4, 0, 0, 0)));
        Assert.Throws<LowrankException>(() => overlay.Over(Picture.Filled(4, 4, 0, 0, 0), new PictureRegion(1, 1, 5, 3)));
    }
}
