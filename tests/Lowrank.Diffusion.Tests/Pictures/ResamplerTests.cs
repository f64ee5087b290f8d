using System.Security.Cryptography;

namespace Lowrank.Diffusion.Tests;

/// <summary>Pictures are resized to Pillow's very bytes.</summary>
public class ResamplerTests
{
    // The sums are of what Pillow 9.4 gives: Image.fromarray(picture).resize((width, height), Image.LANCZOS).
    [Theory]
    [InlineData(41, 17, 60, 12, "72ca4f37c477dada")]
    [InlineData(24, 30, 20, 40, "602ce63afdd27f89")]
    [InlineData(100, 9, 8, 100, "bd54b5ef3354c578")]
    [InlineData(9, 100, 40, 20, "3e516dcee21ee2d6")]
    public void LanczosThatShrinksOneSideAndEnlargesTheOtherGivesPillowsBytes(int fromWidth, int fromHeight, int width, int height, string sum)
    {
        var pixels = new byte[3 * fromWidth * fromHeight];
        for (int y = 0; y < fromHeight; y++)
            for (int x = 0; x < fromWidth; x++)
                for (int c = 0; c < 3; c++) pixels[3 * (y * fromWidth + x) + c] = (byte)(x * x * 7 + y * 31 + c * 53);

        var resized = PictureTransforms.Resize(new Picture(fromWidth, fromHeight, pixels), width, height);

        Assert.Equal(sum, Convert.ToHexStringLower(SHA256.HashData(resized.Pixels))[..16]);
    }
}
