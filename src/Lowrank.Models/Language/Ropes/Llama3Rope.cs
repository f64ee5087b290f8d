namespace Lowrank.Models;

/// <summary>"llama3": long waves are stretched by a factor, short ones kept, those between blended (Llama 3.1).</summary>
/// <param name="settings">What all kinds have.</param>
/// <param name="factor">By what long waves are stretched.</param>
/// <param name="low">Waves that fit fewer times than this into the original length are long.</param>
/// <param name="high">Those that fit more often are short.</param>
/// <param name="original">The length before it was stretched.</param>
sealed class Llama3Rope(RopeSettings settings, double factor, double low, double high, double original) : Rope
{
    readonly double[] frequencies = [.. settings.Frequencies().Select(frequency => Stretched(frequency, factor, low, high, original))];

    public override double[] Frequencies(long length) => frequencies;

    static double Stretched(double frequency, double factor, double low, double high, double original)
    {
        double times = original * frequency / (2 * Math.PI);   // that the wave fits in
        double smooth = Math.Clamp((times - low) / (high - low), 0, 1);
        return (1 - smooth) * frequency / factor + smooth * frequency;
    }
}
