namespace Lowrank.Diffusion.Tests;

public sealed class ColourCorrectionTests
{
    static Picture Gradient(int shift) => new(16, 16, [.. Enumerable.Range(0, 256).SelectMany(i => new[] { (byte)(i / 2 + shift), (byte)(255 - i), (byte)(i / 3) })]);

    [Fact]
    public void APictureCorrectedToItselfStays()
    {
        var picture = Gradient(0);
        var corrected = new ColourCorrection(picture).Apply(picture);
        Assert.True(picture.Pixels.Zip(corrected.Pixels).Average(pair => Math.Abs(pair.First - pair.Second)) < 2);   // L*a*b* in bytes is coarse
    }

    [Fact]
    public void ColoursComeNearerToTheTargetsAndLightnessStays()
    {
        Picture target = Gradient(0), drawn = Gradient(100);
        var corrected = new ColourCorrection(target).Apply(drawn);
        Assert.True(Reds(corrected) < Reds(drawn));
        Assert.True(Math.Abs(Light(corrected) - Light(drawn)) < 3);

        static double Reds(Picture picture) => picture.Pixels.Where((_, i) => i % 3 == 0).Average(level => level) - picture.Pixels.Average(level => level);
        static double Light(Picture picture) => Mask.LightOf(picture).Levels.Average(level => level);
    }
}
