namespace Lowrank.Diffusion;

/// <summary>A way to enlarge pictures.</summary>
/// <param name="Name">What AUTOMATIC1111 calls it.</param>
/// <param name="Enlarge">The picture at a size.</param>
/// <remarks>Source: AUTOMATIC1111, modules/upscaler.py, at 1.10.1. Those that are networks of their own are not here.</remarks>
public sealed record Upscaler(string Name, Func<Picture, int, int, Picture> Enlarge)
{
    // Sides that a network would give.
    const int Multiple = 8;
    const int MostRounds = 3;

    /// <summary>The picture enlarged by a factor as the web UI does it: whole sides first, then down to multiples of 8.</summary>
    public Picture Scale(Picture picture, double scale)
    {
        int width = Goal(picture.Width), height = Goal(picture.Height);
        for (int round = 0; round < MostRounds; round++)
        {
            bool isLarge = picture.Width >= width && picture.Height >= height;
            if (isLarge && (round > 0 || scale != 1)) break;
            var before = (picture.Width, picture.Height);
            picture = Enlarge(picture, (int)(picture.Width * scale), (int)(picture.Height * scale));
            if (before == (picture.Width, picture.Height)) break;
        }
        bool fits = picture.Width == width && picture.Height == height;
        return fits ? picture : Resampler.Resize(picture, width, height, ResamplingKernel.Lanczos);

        int Goal(int side) => Math.Max((int)(Math.Floor(side * scale / Multiple) * Multiple), Multiple);
    }
}
