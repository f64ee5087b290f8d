namespace Lowrank.Diffusion.Tests;

/// <summary>Pictures that no two pixels of are alike in a row.</summary>
static class Made
{
    public static Picture Picture(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i * 37 + i / 7 * 11);
        return new(width, height, pixels);
    }
}
