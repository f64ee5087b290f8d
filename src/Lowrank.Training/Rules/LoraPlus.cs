namespace Lowrank.Training;

/// <summary>LoRA+: factors that begin at zero (the "up" of a LoRA) learn faster than the others.</summary>
/// <remarks>Hayou et al. 2024, arXiv 2402.12354, which suggests a ratio of 16; components and fall-backs as in kohya-ss/sd-scripts at 48d368f.</remarks>
/// <param name="Ratio">Their learning rate over the others'; null or 0 keeps one rate for all.</param>
/// <param name="UnetRatio">The UNet's; null or 0 takes <paramref name="Ratio"/>.</param>
/// <param name="TextEncoderRatio">The text encoders'; null or 0 takes <paramref name="Ratio"/>.</param>
public sealed record LoraPlus(double? Ratio = null, double? UnetRatio = null, double? TextEncoderRatio = null)
{
    /// <summary>The ratio of a component; null where there is none.</summary>
    public double? For(string component)
    {
        double? own = component == "unet" ? UnetRatio : TextEncoderRatio;
        return own is null or 0 ? Ratio is null or 0 ? null : Ratio : own;
    }

    /// <summary>Whether a parameter of a method is one of the faster ones, by its name.</summary>
    public static bool IsFast(string parameter) => parameter == "up" || parameter.EndsWith(".up", StringComparison.Ordinal);
}
